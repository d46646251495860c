"""Receipts and merges: they follow to the survivor and count there, and go back with an undo; the fact log stays."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from akrab.commerce.jobs import summarize_merged_customers
from akrab.commerce.models import Receipt
from akrab.commerce.tests.factories import get_receipt, make_message, summarize, take
from akrab.customers.models import Customer
from akrab.customers.public import CustomersMerged, MergeUndone
from akrab.customers.tests.factories import merge_customers
from akrab.platform.bulk import fetch
from akrab.platform.models import JournalEntry
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.tests.factories import make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")
NOW = datetime.now(UTC)


def bought() -> tuple[UUID, UUID]:
    """Two customers with one receipt each."""
    take(make_message("1", phone="081200000001"), make_message("2", phone="081200000002"))
    one, two = get_receipt("1").customer_id, get_receipt("2").customer_id
    assert one
    assert two
    summarize([one, two])
    return one, two


def counts(*ids: UUID) -> list[int]:
    return [Customer.objects.get(pk=one).purchase_count for one in ids]


def test_receipts_follow_count_with_the_survivor_and_go_back() -> None:
    one, two = bought()
    was = counts(one, two)

    fact = merge_customers(by=ANN, survivor_id=one, other_ids=[two], at=NOW)
    summarize_merged_customers([fact])
    merged = (set(Receipt.objects.values_list("customer_id", flat=True)), counts(one, two))
    undo_entry(by=ANN, entry_id=JournalEntry.objects.get(action="customers.merge_customers").pk, at=NOW)
    summarize_merged_customers([MergeUndone(customer_id=one, undone_at=NOW, merge_id=fact.merge_id, merged_ids=fact.merged_ids)])

    assert merged == ({one}, [2, 0])
    assert (counts(one, two), get_receipt("2").customer_id) == (was, two)
    told = fetch("SELECT DISTINCT customer_id FROM platform_fact WHERE kind = 'commerce.receipt_recorded'")
    assert {row[0] for row in told} == {one, two}


def test_a_receipt_on_its_way_during_the_merge_follows_afterwards() -> None:
    one, two = bought()
    merge_customers(by=ANN, survivor_id=one, other_ids=[two], at=NOW)
    Receipt.objects.filter(pk=get_receipt("2").pk).update(customer_id=two)

    summarize_merged_customers([CustomersMerged(customer_id=one, merged_at=NOW, merge_id=one, merged_ids=[str(two)])])

    assert (get_receipt("2").customer_id, counts(one, two)) == (one, [2, 0])


def stages(of: UUID) -> list[tuple[datetime, str]]:
    return fetch(
        "SELECT occurred_at, payload->>'after' FROM platform_fact WHERE kind = 'customers.stage_changed' AND customer_id = %s "
        "ORDER BY recorded_at, id",
        [of],
    )


def test_the_figures_of_the_survivor_are_right_the_moment_the_merge_is_done_or_undone() -> None:
    one, two = bought()
    was = stages(two)

    merge_customers(by=ANN, survivor_id=one, other_ids=[two], at=NOW)

    assert counts(one, two) == [2, 0]
    assert stages(two) == was
    undo_entry(by=ANN, entry_id=JournalEntry.objects.get(action="customers.merge_customers").pk, at=NOW)
    assert counts(one, two) == [1, 1]


def test_the_first_stage_is_dated_by_the_purchase_that_brought_it() -> None:
    one, _two = bought()

    assert stages(one) == [(get_receipt("1").occurred_at, "first_time")]
