"""Purchase summaries: after receipts came or went, what each touched customer bought so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from akrab.commerce.queries.summaries import purchase_summaries
from akrab.customers.public import StageChanged, lock_customers, note_purchases
from akrab.platform.actor import Actor
from akrab.platform.operation import operation


@operation(may="commerce.record_receipts")
def summarize_purchases(*, by: Actor, customer_ids: Sequence[UUID], at: datetime) -> list[StageChanged]:
    """Recompute the purchase figures of customers from their receipts; safe to repeat and to run side by side."""
    ids = sorted(set(customer_ids))
    lock_customers(by=by, customer_ids=ids)
    return note_purchases(by=by, summaries=purchase_summaries(by=by, customer_ids=ids), at=at)
