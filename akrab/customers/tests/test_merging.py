"""Merging: everything follows to the survivor, history stays, the strictest consent holds, and an undo restores it all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from akrab.customers.models import AccountMember, Customer, Identifier, Relationship, ReviewItem
from akrab.customers.operations.consenting import ConsentMessage, record_consents
from akrab.customers.operations.editing import edit_customer
from akrab.customers.operations.erasing import erase_customer
from akrab.customers.operations.identifying import add_identifier
from akrab.customers.operations.merging import AnotherKind, MergedFurther, merge_customers
from akrab.customers.operations.resolving import Contact, resolve_contacts
from akrab.customers.operations.trashing import restore_customers
from akrab.customers.queries.contacting import may_contact
from akrab.customers.queries.records import get_record, list_records
from akrab.customers.queries.timeline import customer_timeline
from akrab.customers.queries.trash import customers_in_trash
from akrab.customers.tables.identity import Identity, Merge, MergeMove
from akrab.customers.tests.factories import make_customer, make_identifier
from akrab.platform.ids import new_id
from akrab.platform.models import Share, User
from akrab.platform.operations.undoing import TooLateToUndo, undo_entry
from akrab.platform.refusal import Forbidden, Invalid, NotFound
from akrab.platform.tests.factories import facts_recorded, make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")
NOW = datetime.now(UTC)


def pair() -> tuple[Customer, Customer]:
    """Budi, and Budi again under another spelling, phone and card."""
    kept = make_customer("Budi Santoso", phone="+6281200000001", city="Bandung")
    other = make_customer("Boedi Santosa", phone="+6281200000002", email="boedi@example.com")
    make_identifier(other, "card", "CARD1")
    return kept, other


def merge(survivor: Customer, *others: Customer, **more: object) -> Merge:
    fact = merge_customers(
        by=ANN,
        survivor_id=survivor.pk,
        other_ids=[one.pk for one in others],
        at=NOW,
        **more,  # type: ignore[arg-type]
    )
    return Merge.objects.get(pk=fact.merge_id)


def undo(merged: Merge, at: datetime = NOW) -> None:
    assert merged.entry_id is not None
    undo_entry(by=ANN, entry_id=merged.entry_id, at=at)


def test_identifiers_follow_and_blank_fields_are_filled() -> None:
    kept, other = pair()

    merge(kept, other)

    kept.refresh_from_db()
    assert (kept.display_name, kept.phone, kept.email, kept.city) == (
        "Budi Santoso", "+6281200000001", "boedi@example.com", "Bandung",
    )  # fmt: skip
    assert set(Identifier.objects.values_list("customer_id", flat=True)) == {kept.pk}
    assert resolve_contacts(by=ANN, contacts=[Contact((("card", "CARD1"),))], at=NOW) == [kept.pk]
    assert facts_recorded("customers.customers_") == ["customers.customers_merged"]


def test_each_field_can_be_taken_of_another() -> None:
    kept, other = pair()

    merge(kept, other, choices={"display_name": other.pk, "phone": other.pk})

    kept.refresh_from_db()
    assert (kept.display_name, kept.phone) == ("Boedi Santosa", "+6281200000002")


def test_the_merged_is_in_no_list_and_not_in_the_trash_and_is_found_as_the_survivor() -> None:
    kept, other = pair()

    merge(kept, other)

    rows, _place = list_records(by=ANN, filters={}, search="boedi santosa")
    assert [row.id for row in rows] == [kept.pk]
    assert [row.id for row in list_records(by=ANN, filters={}, search="81200000002")[0]] == [kept.pk]
    assert get_record(by=ANN, customer_id=other.pk).id == kept.pk
    assert customers_in_trash(by=ANN) == ([], None)
    with pytest.raises(NotFound):
        restore_customers(by=ANN, customer_ids=[other.pk], at=NOW)


def test_facts_keep_their_customer_and_are_told_on_the_survivors_timeline() -> None:
    kept, other = pair()
    edit_customer(by=ANN, customer_id=other.pk, changes={"city": "Garut"}, at=NOW)

    merge(kept, other)

    told = customer_timeline(by=ANN, customer_id=kept.pk).entries
    assert [one.kind for one in told] == ["customers.customers_merged", "customers.customer_edited"]


def test_relationships_follow_once_and_never_to_oneself() -> None:
    kept, other = pair()
    shop = make_customer("Toko Budi", kind="company")
    for one, two in ((kept, shop), (other, shop), (kept, other)):
        Relationship.objects.create(id=new_id(), customer=one, other=two, kind="works_at")

    merged = merge(kept, other)
    after = list(Relationship.objects.values_list("customer_id", "other_id"))
    undo(merged)

    assert after == [(kept.pk, shop.pk)]
    assert Relationship.objects.count() == 3


def test_the_strictest_consent_holds_and_an_undo_gives_each_their_own() -> None:
    kept, other = pair()
    said = [("email", kept, "granted"), ("email", other, "withdrawn"), ("sms", other, "granted"), ("phone", kept, "granted")]
    consents = [ConsentMessage(channel, "marketing", state, one.pk, at=NOW, evidence="form") for channel, one, state in said]
    record_consents(by=ANN, consents=consents, at=NOW)

    def allowed(one: Customer) -> list[bool]:
        later = NOW + timedelta(minutes=1)
        return [
            may_contact(by=ANN, customer_ids=[one.pk], channel=channel, purpose="marketing", at=later)[0].allowed
            for channel in ("email", "sms", "phone")
        ]

    merged = merge(kept, other)
    after = allowed(kept)
    undo(merged)

    assert after == [False, True, True]
    assert (allowed(kept), allowed(other)) == ([False, False, True], [False, True, False])


def test_people_and_shares_follow() -> None:
    ani = User.objects.create(email="ani@example.com", name="Ani", role="staff")
    edo = User.objects.create(email="edo@example.com", name="Edo", role="staff")
    kept, other = make_customer("Budi", owner=ani), make_customer("Boedi", owner=edo)
    for one in (kept, other):
        Share.objects.create(object="customers.customer", record_id=one.pk, person=edo, created_at=NOW, created_by="Ann")

    merged = merge(kept, other)
    kept.refresh_from_db()
    after = (kept.owner_id, kept.people, Share.objects.count(), AccountMember.objects.get().person_id)
    undo(merged)
    kept.refresh_from_db()

    assert after == (ani.pk, sorted([ani.pk, edo.pk]), 1, edo.pk)
    assert (kept.people, Share.objects.filter(record_id=other.pk).count(), AccountMember.objects.count()) == ([ani.pk], 1, 0)


def test_evidence_between_them_is_settled_until_an_undo() -> None:
    kept, other = pair()
    ReviewItem.objects.create(
        id=new_id(), kind="conflict", customer=kept, other=other, evidence={}, evidence_key="k", opened_at=NOW
    )

    merged = merge(kept, other)
    after = ReviewItem.objects.filter(settled_at=None).count()
    undo(merged)

    assert (after, ReviewItem.objects.get().settled_at, ReviewItem.objects.get().other_id) == (0, None, other.pk)


def test_what_was_added_after_the_merge_stays_with_the_survivor() -> None:
    kept, other = pair()
    merged = merge(kept, other)
    add_identifier(by=ANN, customer_id=kept.pk, kind="card", value="CARD2", at=NOW)

    undo(merged)

    assert dict(Identifier.objects.values_list("key", "customer_id")) == {
        "+6281200000001": kept.pk, "+6281200000002": other.pk, "boedi@example.com": other.pk, "CARD1": other.pk, "CARD2": kept.pk,
    }  # fmt: skip
    assert (Identity.objects.filter(valid_to=None).count(), Customer.objects.filter(trashed_at=None).count()) == (0, 2)


def test_chains_are_read_through_and_undone_from_the_last_one() -> None:
    kept, other = pair()
    third = make_customer("Budi S.")
    first = merge(kept, other)
    second = merge(third, kept)

    assert get_record(by=ANN, customer_id=other.pk).id == third.pk
    with pytest.raises(MergedFurther):
        undo(first)
    undo(second)
    undo(first)

    assert Customer.objects.filter(merged_into=None, trashed_at=None).count() == 3


def test_after_thirty_days_it_stays() -> None:
    kept, other = pair()
    merged = merge(kept, other)

    with pytest.raises(TooLateToUndo):
        undo(merged, NOW + timedelta(days=31))

    assert Identity.objects.filter(valid_to=None).count() == 1


def test_refusals_change_nothing() -> None:
    kept, other = pair()
    shop = make_customer("Toko", kind="company")

    with pytest.raises(AnotherKind):
        merge_customers(by=ANN, survivor_id=kept.pk, other_ids=[shop.pk], at=NOW)
    with pytest.raises(Forbidden):
        merge_customers(by=make_actor("staff"), survivor_id=kept.pk, other_ids=[other.pk], at=NOW)
    with pytest.raises(Invalid):
        merge_customers(by=ANN, survivor_id=kept.pk, other_ids=[kept.pk], at=NOW)
    with pytest.raises(NotFound):
        merge_customers(by=ANN, survivor_id=kept.pk, other_ids=[new_id()], at=NOW)

    assert (facts_recorded(), Merge.objects.count(), MergeMove.objects.count()) == ([], 0, 0)


def test_erasing_the_survivor_erases_whom_it_was_made_of() -> None:
    kept, other = pair()
    merge(kept, other)

    erase_customer(by=make_actor("administrator"), customer_id=other.pk, at=NOW)

    assert (Customer.objects.count(), Identity.objects.count(), Merge.objects.count()) == (0, 0, 0)
