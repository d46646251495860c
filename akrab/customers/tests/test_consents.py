"""Consent: taken in with proof, once, never changed; and whether a customer may be contacted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from akrab.customers.models import BlockedIdentifier, Customer
from akrab.customers.operations.consenting import ConsentMessage, record_consents, withdraw_everything
from akrab.customers.queries.consents import consents_of
from akrab.customers.queries.contacting import may_contact
from akrab.customers.tables.consent import ConsentEvent
from akrab.customers.tables.privacy import Restriction
from akrab.customers.tests.factories import make_customer
from akrab.platform.ids import new_id
from akrab.platform.refusal import Forbidden, Invalid
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")
DAY = timedelta(days=1)


def say(customer: Customer | None, state: str = "granted", **more: Any) -> ConsentMessage:
    values = {"channel": "email", "purpose": "marketing", "evidence": "paper form", "at": NOON, **more}
    return ConsentMessage(state=state, customer_id=customer.pk if customer else None, **values)


def take(*consents: ConsentMessage, source: str = "form") -> list[tuple[str, str]]:
    done = record_consents(by=ANN, consents=consents, at=NOON + DAY, source=source)
    return [(one.result, ", ".join(one.errors)) for one in done]


def reasons(*customers: Customer | UUID, channel: str = "email", purpose: str = "marketing", **more: Any) -> list[str]:
    ids = [one.pk if isinstance(one, Customer) else one for one in customers]
    return [
        one.reason for one in may_contact(by=ANN, customer_ids=ids, channel=channel, purpose=purpose, **({"at": NOON} | more))
    ]


def test_a_grant_is_kept_with_its_proof_and_told_as_a_fact() -> None:
    siti = make_customer(email="siti@example.com")

    assert take(say(siti, wording_version=1, wording_language="id", where="Bandung", ip="10.0.0.1")) == [("created", "")]

    kept = ConsentEvent.objects.get()
    assert (kept.state, kept.evidence, kept.wording_version, kept.where, kept.ip) == (
        "granted",
        "paper form",
        1,
        "Bandung",
        "10.0.0.1",
    )
    assert facts_recorded("customers.consent") == ["customers.consent_recorded"]


def test_the_same_outside_event_is_recorded_once_within_a_list_and_later() -> None:
    siti = make_customer()

    assert take(say(siti, source_key="n-1"), say(siti, source_key="n-1")) == [("created", ""), ("unchanged", "")]
    assert take(say(siti, source_key="n-1")) == [("unchanged", "")]
    assert ConsentEvent.objects.count() == 1


def test_a_bad_event_spoils_no_other_and_a_grant_without_proof_is_bad() -> None:
    siti = make_customer()

    taken = take(
        say(siti, evidence=" "),
        say(siti, channel="fax"),
        say(siti, purpose="spam"),
        say(siti, at=NOON + 3 * DAY),
        say(siti, wording_version=9, wording_language="id"),
        say(None, identifiers=(("email", "nobody@example.com"),)),
        say(siti, "withdrawn", evidence=""),
    )

    assert taken == [
        ("error", "evidence"),
        ("error", "channel"),
        ("error", "purpose"),
        ("error", "at"),
        ("error", "wording_version"),
        ("error", "customer"),
        ("created", ""),
    ]


def test_a_customer_is_found_by_identifier() -> None:
    siti = make_customer(email="siti@example.com")

    assert take(say(None, identifiers=(("email", " Siti@Example.com"),))) == [("created", "")]
    assert [one.state for one in consents_of(by=ANN, customer_id=siti.pk, at=NOON)] == ["granted"]


def test_the_number_of_queries_does_not_grow_with_the_list() -> None:
    siti = make_customer()
    counts = []
    for size in (20, 200):
        with CaptureQueriesContext(connection) as captured:
            take(*[say(siti, source_key=f"{size}-{number}") for number in range(size)])
        counts.append(len(captured))

    assert counts[0] >= counts[1]


def test_the_state_at_any_past_moment_can_be_asked() -> None:
    siti = make_customer(email="siti@example.com")
    take(say(siti, at=NOON - 9 * DAY), say(siti, "withdrawn", at=NOON - 5 * DAY), say(siti, at=NOON - DAY, until=NOON))

    asked = [NOON - 10 * DAY, NOON - 9 * DAY, NOON - 4 * DAY, NOON - DAY / 2, NOON]

    assert [reasons(siti, at=at)[0] for at in asked] == ["no_consent", "consent", "withdrawn", "consent", "expired"]


def test_consent_is_never_changed_or_deleted() -> None:
    take(say(make_customer()))

    with pytest.raises(ProgrammingError, match="never changed"):
        ConsentEvent.objects.update(state="granted")


def test_one_statement_answers_for_a_list_each_with_its_reason() -> None:
    yes, no, left, held, mute, shop = (make_customer(str(n), email=f"{n}@example.com" if n != 4 else "") for n in range(6))
    take(*[say(one) for one in (yes, left, held, mute, shop)])
    take(say(left, "withdrawn", at=NOON + DAY / 2))
    Restriction.objects.create(customer=held, since=NOON, reason="disputed")
    BlockedIdentifier.objects.create(kind="email", key="5@example.com", reason="the shop's own")

    with CaptureQueriesContext(connection) as captured:
        found = reasons(yes, no, left, held, mute, shop, new_id(), at=NOON + DAY)

    assert found == ["consent", "no_consent", "withdrawn", "restricted", "no_address", "blocked_value", "unknown"]
    assert len(captured) <= 3


def test_a_contract_needs_no_consent_until_somebody_objects() -> None:
    siti = make_customer(phone="+628123456789")

    assert reasons(siti, channel="whatsapp", purpose="service") == ["contract"]

    take(say(siti, "withdrawn", channel="whatsapp", purpose="service"))
    assert reasons(siti, channel="whatsapp", purpose="service") == ["withdrawn"]


def test_everything_is_withdrawn_at_once() -> None:
    siti = make_customer(email="siti@example.com")
    take(say(siti))

    withdraw_everything(by=ANN, customer_id=siti.pk, at=NOON + DAY)

    states = consents_of(by=ANN, customer_id=siti.pk, at=NOON + DAY)
    assert {one.state for one in states} == {"withdrawn"}
    assert len(states) == 24


def test_who_may_not_edit_customers_records_nothing() -> None:
    siti = make_customer()

    with pytest.raises(Forbidden):
        record_consents(by=make_actor("readonly"), consents=[say(siti)], at=NOON)
    with pytest.raises(Invalid):
        reasons(siti, purpose="spam")
    assert (ConsentEvent.objects.count(), facts_recorded()) == (0, [])
