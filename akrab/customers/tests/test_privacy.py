"""Privacy requests with their clock, restriction, handing out, purposes, retention, and erasing again after a restore."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from akrab.customers.models import Customer
from akrab.customers.operations.consenting import ConsentMessage, record_consents
from akrab.customers.operations.erasing import erase_customer
from akrab.customers.operations.finishing import erased_list, finish_erasures
from akrab.customers.operations.handing_out import hand_out
from akrab.customers.operations.purposing import add_wording, save_purpose
from akrab.customers.operations.replaying import replay_erasures
from akrab.customers.operations.requesting import (
    IdentityUnchecked,
    RefusedWithoutReason,
    RequestIsClosed,
    close_request,
    handle_request,
    lift_restriction,
    open_request,
    restrict_processing,
)
from akrab.customers.operations.retaining import change_rule, erase_proposed, keep_proposed, propose_erasures
from akrab.customers.queries.contacting import may_contact
from akrab.customers.queries.privacy import late_requests, open_proposals, privacy_requests, retention_rules
from akrab.customers.tables.consent import Wording
from akrab.customers.tables.privacy import Erasure, PrivacyRequest, RetentionProposal, Tombstone
from akrab.customers.tests.factories import make_customer
from akrab.platform.refusal import Forbidden, Invalid
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")
DAY = timedelta(days=1)


def ask(customer: Customer, kind: str = "access", **more: Any) -> PrivacyRequest:
    made = open_request(by=ANN, customer_id=customer.pk, kind=kind, **({"received_at": NOON, "at": NOON} | more))
    return PrivacyRequest.objects.get(pk=made.request_id)


def confirm(request: PrivacyRequest) -> None:
    handle_request(by=ANN, request_id=request.pk, identity="confirmed", identity_how="called back", assignee_id=None, at=NOON)


def test_a_request_is_due_three_days_after_it_came_and_late_ones_are_counted() -> None:
    siti = make_customer("Siti")
    request = ask(siti, received_at=NOON - DAY)

    assert request.due_at == NOON + 2 * DAY
    assert [(one.name, one.is_late) for one in privacy_requests(by=ANN, at=NOON)] == [("Siti", False)]
    assert [late_requests(by=ANN, at=at) for at in (NOON + 2 * DAY, NOON + 3 * DAY)] == [0, 1]


def test_nothing_is_granted_before_the_identity_is_confirmed_nor_refused_without_a_reason() -> None:
    request = ask(make_customer())

    with pytest.raises(IdentityUnchecked):
        close_request(by=ANN, request_id=request.pk, decision="granted", reason="", answer="Here.", at=NOON)
    with pytest.raises(RefusedWithoutReason):
        close_request(by=ANN, request_id=request.pk, decision="refused", reason=" ", answer="", at=NOON)
    with pytest.raises(Invalid):
        handle_request(by=ANN, request_id=request.pk, identity="confirmed", identity_how="", assignee_id=None, at=NOON)

    confirm(request)
    assert close_request(by=ANN, request_id=request.pk, decision="granted", reason="", answer="Sent.", at=NOON + 4 * DAY).late
    with pytest.raises(RequestIsClosed):
        close_request(by=ANN, request_id=request.pk, decision="granted", reason="", answer="", at=NOON)
    assert facts_recorded("customers.privacy") == [
        "customers.privacy_requested",
        "customers.privacy_request_handled",
        "customers.privacy_request_closed",
    ]


def test_a_restriction_stops_contact_until_it_is_lifted() -> None:
    siti = make_customer(email="siti@example.com")
    record_consents(
        by=ANN, consents=[ConsentMessage("email", "marketing", "granted", siti.pk, at=NOON, evidence="form")], at=NOON
    )

    restrict_processing(by=ANN, customer_id=siti.pk, reason="disputed", at=NOON + DAY)
    lift_restriction(by=ANN, customer_id=siti.pk, at=NOON + 3 * DAY)

    asked = [NOON, NOON + DAY, NOON + 2 * DAY, NOON + 3 * DAY]
    said = [may_contact(by=ANN, customer_ids=[siti.pk], channel="email", purpose="marketing", at=at)[0] for at in asked]
    assert [one.reason for one in said] == ["consent", "restricted", "restricted", "consent"]


def test_everything_held_on_a_customer_is_handed_out_in_one_file() -> None:
    siti = make_customer("Siti <b>", email="siti@example.com")
    ask(siti, details="Please send me my data")

    archive = zipfile.ZipFile(BytesIO(hand_out(by=ANN, customer_id=siti.pk, at=NOON)))

    data = json.loads(archive.read("data.json"))
    assert data["stores"]["customers.record"][0]["display_name"] == "Siti <b>"
    assert [one["key"] for one in data["stores"]["customers.identifiers"]] == ["siti@example.com"]
    assert data["stores"]["customers.requests"][0]["details"] == "Please send me my data"
    page = archive.read("index.html").decode()
    assert "siti@example.com" in page
    assert "<b>" not in page
    assert facts_recorded("customers.data") == ["customers.data_handed_out"]


def test_a_wording_is_followed_by_its_next_version_and_kept() -> None:
    save_purpose(by=ANN, code="birthday", name_en="Birthday", name_id="Ulang tahun", basis="consent", is_active=True, at=NOON)
    add_wording(by=ANN, purpose="birthday", texts={"en": "May we?", "id": "Bolehkah?"}, at=NOON)
    add_wording(by=ANN, purpose="birthday", texts={"en": "May we greet you?", "id": " "}, at=NOON)

    kept = Wording.objects.filter(purpose_id="birthday").order_by("version", "language")
    assert [(one.version, one.language, one.text) for one in kept] == [
        (1, "en", "May we?"),
        (1, "id", "Bolehkah?"),
        (2, "en", "May we greet you?"),
    ]
    with pytest.raises(Invalid):
        save_purpose(by=ANN, code="Big Day", name_en="", name_id="", basis="luck", is_active=True, at=NOON)


def test_a_rule_counts_dry_then_proposes_and_people_decide() -> None:
    old, older, fresh = (
        make_customer(name, last_purchase_at=NOON - years * 365 * DAY, purchase_count=1)
        for name, years in (("Old", 6), ("Older", 7), ("Fresh", 1))
    )
    rule = next(one for one in retention_rules(by=ANN) if one.reason == "no_purchase")
    propose_erasures(by=ANN, at=NOON)
    assert RetentionProposal.objects.count() == 0

    change_rule(by=ANN, rule_id=rule.pk, months=60, is_active=True, at=NOON)
    rule.refresh_from_db()
    assert (rule.would_propose, RetentionProposal.objects.count()) == (2, 0)

    propose_erasures(by=ANN, at=NOON)
    proposals = {one.customer_id: one.pk for one in open_proposals(by=ANN)}
    assert proposals.keys() == {old.pk, older.pk}
    keep_proposed(by=ANN, proposal_ids=[proposals[old.pk]], at=NOON)
    erase_proposed(by=ANN, proposal_ids=[proposals[older.pk]], at=NOON)
    propose_erasures(by=ANN, at=NOON + DAY)

    assert set(Customer.objects.values_list("pk", flat=True)) == {old.pk, fresh.pk}
    assert open_proposals(by=ANN) == []


def test_a_restored_customer_who_was_erased_is_erased_again(tmp_path: Path, settings: Any) -> None:
    settings.AKRAB_HOME, settings.FILES_ROOT, settings.LAKE_URL = tmp_path, tmp_path / "files", ""
    siti = make_customer("Siti", email="siti@example.com")
    erase_customer(by=ANN, customer_id=siti.pk, at=NOON)
    finish_erasures(by=ANN, at=NOON)
    lines = erased_list().read_text().splitlines()
    Erasure.objects.all().delete()
    make_customer("Siti", id=siti.pk, email="siti@example.com")

    assert replay_erasures(by=ANN, lines=lines, at=NOON + DAY) == 1
    assert replay_erasures(by=ANN, lines=lines, at=NOON + DAY) == 0

    assert Customer.objects.count() == 0
    assert sorted(Erasure.objects.values_list("reason", flat=True)) == ["replay", "request"]
    assert Tombstone.objects.filter(lifted_at=None).count() == 1


def test_staff_see_no_requests_and_open_none() -> None:
    siti = make_customer()
    staff = make_actor("staff")

    with pytest.raises(Forbidden):
        open_request(by=staff, customer_id=siti.pk, kind="access", received_at=NOON, at=NOON)
    with pytest.raises(Forbidden):
        privacy_requests(by=staff, at=NOON)
    assert facts_recorded() == []
