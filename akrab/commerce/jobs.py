"""What commerce does while nobody is watching: keep each customer's purchase figures."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.timezone import now

from akrab.commerce.facts import (
    ReceiptClaimed,
    ReceiptCorrected,
    ReceiptRecorded,
    ReceiptTakenBack,
    ReceiptVoided,
    ReturnedChanged,
    ReturnLinked,
)
from akrab.commerce.operations.following import follow_merges
from akrab.commerce.operations.summarizing import summarize_purchases
from akrab.commerce.operations.taking_back import take_back_receipts
from akrab.commerce.operations.waiting import convert_waiting
from akrab.commerce.queries.customizing import RECEIPTS
from akrab.customers.public import CustomersMerged, MergeUndone
from akrab.platform.actor import SYSTEM
from akrab.platform.delivery import job, on
from akrab.platform.journal.declaring import takes_back
from akrab.platform.operations.rolling_up import refresh_rollups
from akrab.platform.upkeep_facts import RatesNoted

ReceiptNews = (
    ReceiptRecorded | ReceiptCorrected | ReceiptVoided | ReturnLinked | ReturnedChanged | ReceiptClaimed | ReceiptTakenBack
)

takes_back("commerce_receipt")(take_back_receipts)


@on(ReceiptRecorded, ReceiptCorrected, ReceiptVoided, ReturnLinked, ReturnedChanged, ReceiptClaimed, ReceiptTakenBack)
def summarize_customers(facts: Sequence[ReceiptNews]) -> None:
    touched = {fact.customer_id for fact in facts} | {getattr(fact, "previous_customer_id", None) for fact in facts}
    ids = [one for one in touched if one]
    summarize_purchases(by=SYSTEM, customer_ids=ids, at=now())
    roll_up(ids)


@job()
def summarize_again(customer_ids: Sequence[str]) -> None:
    """For a migration that gave receipts other figures."""
    ids = [UUID(one) for one in customer_ids]
    summarize_purchases(by=SYSTEM, customer_ids=ids, at=now())
    roll_up(ids)


def roll_up(ids: Sequence[UUID]) -> None:
    """Figures that the company added over receipts."""
    refresh_rollups(by=SYSTEM, object="customers.customer", ids=ids, source=RECEIPTS.name, at=now())


@on(CustomersMerged, MergeUndone)
def summarize_merged_customers(facts: Sequence[CustomersMerged | MergeUndone]) -> None:
    """The survivor has the receipts of all; a receipt that was on its way during the merge follows."""
    merged = sorted({UUID(one) for fact in facts for one in fact.merged_ids})
    follow_merges(by=SYSTEM, customer_ids=merged)
    ids = [*merged, *(fact.customer_id for fact in facts)]
    summarize_purchases(by=SYSTEM, customer_ids=ids, at=now())
    roll_up(ids)


@on(RatesNoted)
def convert_waiting_receipts(facts: Sequence[RatesNoted]) -> None:
    currencies = sorted({currency for fact in facts for currency in fact.currencies})
    while owners := convert_waiting(by=SYSTEM, currencies=currencies):
        ids = [one for one in set(owners) if one]
        summarize_purchases(by=SYSTEM, customer_ids=ids, at=now())
        roll_up(ids)
