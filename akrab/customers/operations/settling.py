"""Settling review items: somebody looked at the evidence that intake would not act on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.customers.facts import ReviewSettled
from akrab.customers.models import CUSTOMER
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import NotFound
from akrab.platform.rights.limits import demand


@operation(may="customers.edit_customers")
def settle_review(*, by: Actor, review_id: UUID, at: datetime) -> ReviewSettled:
    """Close an open review item; the customers stay as they are."""
    rows = fetch(
        "UPDATE customers_reviewitem SET settled_at = %s WHERE id = %s AND settled_at IS NULL RETURNING customer_id, kind",
        [at, review_id],
    )
    if not rows:
        raise NotFound
    demand(by, CUSTOMER.name, [rows[0][0]])
    fact = ReviewSettled(review_item_id=review_id, customer_id=rows[0][0], settled_at=at, kind=rows[0][1])
    record([fact], by=by)
    return fact
