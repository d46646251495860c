"""The kernel: facts are recorded once and finally, listeners retry alone, poison is parked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from akrab.platform import delivery
from akrab.platform.facts import record
from akrab.platform.ids import new_id, new_ids
from akrab.platform.models import ParkedFact
from akrab.platform.money import UnknownCurrency, allocate, show, to_decimal, to_minor
from akrab.platform.operation import operation
from akrab.platform.refusal import Forbidden
from akrab.platform.tests.factories import NOON, CustomerMet, facts_recorded, make_actor

ANN = make_actor()


def met(at: datetime = NOON) -> CustomerMet:
    return CustomerMet(customer_id=new_id(), met_at=at)


def record_now(*facts: object, **options: object) -> list[object]:
    with transaction.atomic():
        return record(facts, by=ANN, **options)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_same_outside_event_is_recorded_once() -> None:
    first = record_now(met(), source="till", source_keys=["e1"])
    again = record_now(met(), met(), source="till", source_keys=["e1", "e2"])

    assert (len(first), len(again)) == (1, 1)
    assert len(facts_recorded()) == 2


@pytest.mark.django_db
def test_facts_of_many_months_find_their_partition() -> None:
    record_now(*[met(datetime(year, 2, 28, 23, 59, tzinfo=UTC)) for year in (1999, 2024, 2026)])

    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM platform_fact ORDER BY 1")
        assert [row[0] for row in cursor.fetchall()] == [
            "platform_fact_1999_02",
            "platform_fact_2024_02",
            "platform_fact_2026_02",
        ]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE platform_fact SET kind = 'x'", "DELETE FROM platform_fact"])
def test_a_fact_cannot_be_changed_even_in_the_database(statement: str) -> None:
    record_now(met())

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert len(facts_recorded()) == 1


@pytest.mark.django_db
def test_two_thousand_five_hundred_facts_make_three_jobs_for_each_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(delivery.LISTENERS, "test.customer_met", ["commerce.summarize_customers"])

    record_now(*[met() for _ in range(2500)])

    assert ProcrastinateJob.objects.filter(task_name="commerce.summarize_customers").count() == 3


@pytest.mark.django_db
def test_a_refused_operation_leaves_no_fact_and_no_job() -> None:
    @operation(may="platform.manage_users")
    def half_done(*, by: object) -> None:
        record([met()], by=ANN)
        raise Forbidden(verb="test")

    with pytest.raises(Forbidden):
        half_done(by=ANN)

    assert facts_recorded() == []
    assert ProcrastinateJob.objects.count() == 0


@pytest.mark.django_db
def test_a_poison_fact_is_parked_alone_after_its_listener_gave_up(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = [met() for _ in range(4)]
    record_now(*facts)
    poison = facts[2].customer_id
    taken: list[UUID] = []

    def listener(some: Sequence[CustomerMet]) -> None:
        if any(fact.customer_id == poison for fact in some):
            raise ValueError("cannot take this one")
        taken.extend(fact.customer_id for fact in some)

    run_until_quiet(listener, monkeypatch)

    assert taken == [fact.customer_id for fact in facts if fact.customer_id != poison]
    parked = ParkedFact.objects.get()
    assert "cannot take this one" in parked.reason


def run_until_quiet(listener: delivery.Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Play the queue by hand at its last attempt: what `_isolate` defers is delivered next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id::text), max(id::text), min(occurred_at), max(occurred_at), max(xid) FROM platform_fact")
        lo, hi, since, until, xid = cursor.fetchone()
    queue = [
        {"kind": "test.customer_met", "lo": lo, "hi": hi, "since": since.isoformat(), "until": until.isoformat(), "xid": xid}
    ]
    monkeypatch.setitem(delivery._functions, "test.listener", listener)
    monkeypatch.setattr(delivery, "app", FakeApp(queue))
    context = FakeContext()
    while queue:
        delivery._deliver(context, listener="test.listener", **queue.pop(0))  # type: ignore[arg-type]


class FakeApp:
    """Collects what is deferred, in order."""

    def __init__(self, queue: list[dict[str, object]]) -> None:
        self.queue = queue
        self.tasks = {"test.listener": self}

    def defer(self, **where: object) -> None:
        self.queue.append(where)


class FakeContext:
    """A job at its last attempt."""

    job = SimpleNamespace(attempts=delivery.ATTEMPTS - 1)


def test_ids_increase_strictly() -> None:
    ids = new_ids(10_000)

    assert ids == sorted(set(ids))
    assert new_id() > ids[-1]
    assert {one.version for one in ids} == {7}


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_an_allocation_always_adds_up(total: int, weights: list[int]) -> None:
    assert sum(allocate(total, weights)) == total


@given(st.integers(-(10**15), 10**15), st.sampled_from(["IDR", "JPY", "GBP", "KWD"]))
def test_minor_units_and_decimals_are_the_same_money(minor: int, currency: str) -> None:
    assert to_minor(to_decimal(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency", "language", "shown"),
    [
        (125_000_000, "IDR", "id", "Rp\u00a01.250.000"),
        (-125_000_000, "IDR", "en", "-Rp\u00a01,250,000"),
        (-1_250, "GBP", "en", "-£12.50"),
        (1_250, "JPY", "en", "¥1,250"),
    ],
)
def test_money_follows_the_reader(minor: int, currency: str, language: str, shown: str) -> None:
    assert show(minor, currency, language) == shown


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        to_minor(Decimal(1), "XQZ")


def test_a_key_for_a_till_may_register_the_customers_that_its_receipts_name_and_nothing_else() -> None:
    till = make_actor("staff", scopes=("commerce.record_receipts",))

    assert till.may("commerce.record_receipts")
    assert till.may("customers.register_customers")
    assert not till.may("customers.edit_customers")
    assert not till.may("customers.view_customers")


def test_a_key_never_may_more_than_its_person() -> None:
    assert not make_actor("readonly", scopes=("commerce.record_receipts",)).may("customers.register_customers")
