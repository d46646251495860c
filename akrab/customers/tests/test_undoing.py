"""Undo: what comes back, what is left, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akrab.customers.models import Customer, Identifier
from akrab.customers.operations.editing import edit_customer
from akrab.customers.operations.identifying import IdentifierTaken, add_identifier, remove_identifier
from akrab.customers.operations.registering import register_customer
from akrab.customers.tests.factories import make_customer, make_customers
from akrab.platform.actor import SYSTEM
from akrab.platform.bulk import fetch
from akrab.platform.journal.entries import latest
from akrab.platform.models import JournalEntry, JournalLeft, JournalRow
from akrab.platform.operations.pruning_journal import prune_journal
from akrab.platform.operations.undoing import TooLateToUndo, Undone, UndoneAlready, undo_entry
from akrab.platform.refusal import Forbidden
from akrab.platform.tests.factories import facts_recorded, make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")
NOW = datetime.now(UTC)


def edit(customer: Customer, **changes: object) -> None:
    edit_customer(by=ANN, customer_id=customer.pk, changes=changes, at=NOW)


def last() -> JournalEntry:
    return JournalEntry.objects.latest("id")


def undo_last() -> Undone:
    return undo_entry(by=ANN, entry_id=last().pk, at=NOW)


def test_an_edit_is_noted_with_what_the_fields_were() -> None:
    ayu = make_customer("Ayu", city="Bandung")

    edit(ayu, city="Solo", address="Jalan Mawar 1")

    entry = last()
    row = JournalRow.objects.get(entry_id=entry.pk)
    assert (entry.action, entry.label, entry.subject, entry.subject_id) == ("customers.edit_customer", "Ayu", "customer", ayu.pk)
    assert (entry.rows, entry.counts, entry.actor_id) == (1, {"customers_customer": 1}, ANN.id)
    assert (row.before, row.after) == ({"city": "Bandung", "address": ""}, {"city": "Solo", "address": "Jalan Mawar 1"})


def test_undo_gives_an_edit_its_former_values_back() -> None:
    ayu = make_customer("Ayu", city="Bandung")
    edit(ayu, city="Solo")

    done = undo_last()

    ayu.refresh_from_db()
    assert (ayu.city, ayu.version) == ("Bandung", 3)
    assert (done.restored, done.left) == (1, 0)
    assert facts_recorded() == ["customers.customer_edited", "platform.entry_undone"]


def test_undoing_an_undo_does_it_again() -> None:
    ayu = make_customer("Ayu", city="Bandung")
    edit(ayu, city="Solo")
    undo_last()

    undo_last()

    ayu.refresh_from_db()
    assert ayu.city == "Solo"
    assert [one.depth for one in JournalEntry.objects.order_by("id")] == [0, 1, 2]


def test_a_field_that_was_changed_since_is_left_and_listed() -> None:
    ayu = make_customer("Ayu", city="Bandung")
    edit(ayu, city="Solo", address="Jalan Mawar 1")
    first = last()
    edit(ayu, city="Medan")

    done = undo_entry(by=ANN, entry_id=first.pk, at=NOW)

    ayu.refresh_from_db()
    assert (ayu.city, ayu.address) == ("Medan", "")
    left = JournalLeft.objects.get(entry_id=done.entry_id)
    assert (left.field, left.reason, left.before, left.now) == ("city", "changed_since", "Bandung", "Medan")


def test_a_second_undo_is_refused_and_changes_nothing() -> None:
    ayu = make_customer("Ayu", city="Bandung")
    edit(ayu, city="Solo")
    first = last()
    undo_last()

    with pytest.raises(UndoneAlready):
        undo_entry(by=ANN, entry_id=first.pk, at=NOW)

    assert JournalEntry.objects.count() == 2


def test_after_thirty_days_it_is_too_late() -> None:
    ayu = make_customer("Ayu", city="Bandung")
    edit(ayu, city="Solo")

    with pytest.raises(TooLateToUndo):
        undo_entry(by=ANN, entry_id=last().pk, at=datetime.now(UTC) + timedelta(days=31))

    ayu.refresh_from_db()
    assert ayu.city == "Solo"


def test_who_may_not_edit_may_not_undo() -> None:
    ayu = make_customer("Ayu", city="Bandung")
    edit(ayu, city="Solo")

    with pytest.raises(Forbidden):
        undo_entry(by=make_actor("readonly"), entry_id=last().pk, at=NOW)

    assert JournalEntry.objects.count() == 1


def test_undoing_a_registration_removes_the_customer_with_its_identifiers() -> None:
    register_customer(by=ANN, fields={"display_name": "Budi", "phone": "0812 3456 7890"}, at=NOW)

    done = undo_last()

    assert (Customer.objects.count(), Identifier.objects.count()) == (0, 0)
    assert (done.removed, done.left) == (2, 0)


def test_a_registered_customer_who_was_edited_since_stays() -> None:
    fact = register_customer(by=ANN, fields={"display_name": "Budi"}, at=NOW)
    first = last()
    edit(Customer.objects.get(pk=fact.customer_id), city="Solo")

    done = undo_entry(by=ANN, entry_id=first.pk, at=NOW)

    assert Customer.objects.get().display_name == "Budi"
    assert (done.removed, done.left) == (0, 1)
    assert JournalLeft.objects.get().reason == "changed_since"


def test_a_removed_identifier_comes_back_unless_somebody_has_it_now() -> None:
    ayu, budi = make_customer("Ayu", phone="+6281234567890"), make_customer("Budi")
    phone = Identifier.objects.get()
    remove_identifier(by=ANN, customer_id=ayu.pk, identifier_id=phone.pk, at=NOW)
    first = last()
    add_identifier(by=ANN, customer_id=budi.pk, kind="phone", value="081234567890", at=NOW)

    taken = undo_entry(by=ANN, entry_id=first.pk, at=NOW)

    assert (taken.brought_back, taken.left, JournalLeft.objects.get().reason) == (0, 1, "taken")
    assert Identifier.objects.get().customer_id == budi.pk


STEP = st.one_of(
    st.tuples(
        st.sampled_from(["city", "address", "display_name", "phone"]), st.integers(0, 1), st.sampled_from(["A", "B", "0811"])
    ),
    st.tuples(st.sampled_from(["undo", "redo"]), st.just(0), st.just("")),
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=2, max_size=6))
def test_undo_and_redo_walk_through_the_same_states_as_the_edits(db: None, steps: list[tuple[str, int, str]]) -> None:
    with transaction.atomic():
        people = make_customers(["Ayu", "Budi"], city="Bandung")
        states, done, taken = [snapshot()], list[UUID](), list[UUID]()
        for what, number, value in steps:
            if what == "undo" and done:
                taken.append(undo_entry(by=ANN, entry_id=done.pop(), at=NOW).entry_id)
            elif what == "redo" and taken:
                done.append(undo_entry(by=ANN, entry_id=taken.pop(), at=NOW).entry_id)
            elif what not in {"undo", "redo"}:
                change(people[number], what, value)
                if entry := latest():
                    states[len(done) + 1 :] = [snapshot()]
                    done.append(entry)
                    taken.clear()
            assert snapshot() == states[len(done)]
        transaction.set_rollback(True)


def change(customer: Customer, what: str, value: str) -> None:
    with suppress(IdentifierTaken):
        if what == "phone":
            add_identifier(by=ANN, customer_id=customer.pk, kind="phone", value=f"081{len(value)}5555000{len(value)}", at=NOW)
        else:
            edit(customer, **{what: value})


def snapshot() -> list[tuple[object, ...]]:
    """Everything that these edits can reach, without versions and times."""
    people = Customer.objects.order_by("pk").values_list("display_name", "city", "address", "phone")
    return [*people, *Identifier.objects.order_by("pk").values_list("pk", "kind", "key", "customer_id")]


def test_an_undo_that_fails_on_its_way_keeps_nothing() -> None:
    ayu = make_customer("Ayu", city="Bandung")
    edit(ayu, city="Solo")
    entry = last()

    with suppress(ZeroDivisionError), transaction.atomic():
        undo_entry(by=ANN, entry_id=entry.pk, at=NOW)
        raise ZeroDivisionError

    ayu.refresh_from_db()
    assert (ayu.city, JournalEntry.objects.count(), facts_recorded("platform.")) == ("Solo", 1, [])
    assert undo_entry(by=ANN, entry_id=entry.pk, at=NOW).restored == 1


def test_images_older_than_two_years_leave_and_the_entries_stay() -> None:
    fetch("SELECT platform_ensure_journal_month('2024-01-01')")
    ayu = make_customer("Ayu", city="Bandung")
    edit(ayu, city="Solo")

    dropped = prune_journal(by=SYSTEM, at=datetime(2026, 3, 1, tzinfo=UTC))

    assert dropped == ["platform_journalrow_2024_01"]
    assert (JournalEntry.objects.count(), JournalRow.objects.count()) == (1, 1)
