"""What one customer buys: how much, how often, where, when, and what most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor
from typing import Any
from uuid import UUID

from akrab.commerce.models import RECEIPT, Receipt
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.rights.limits import demand, where

_HABITS = """
WITH bought AS (
    SELECT r.currency, r.net + r.brought_back - r.returned AS kept, r.business_on, b.name AS branch,
        extract(hour FROM r.occurred_at AT TIME ZONE b.zone)::int AS hour
    FROM commerce_receipt r JOIN commerce_branch b ON b.id = r.branch_id
    WHERE {mine} AND r.customer_id = %(customer)s AND r.status = 'counted'
        AND r.kind IN ('sale', 'exchange') AND r.net + r.brought_back > greatest(r.returned, 0)
)
SELECT currency, count(*), sum(kept)::bigint, count(DISTINCT business_on), min(business_on), max(business_on),
    mode() WITHIN GROUP (ORDER BY branch), mode() WITHIN GROUP (ORDER BY hour)
FROM bought GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
"""

_FAVORITES = """
SELECT l.product_id, coalesce(p.name, nullif(l.name, ''), l.sku), sum(l.quantity), count(DISTINCT l.receipt_id)
FROM (SELECT id FROM commerce_receipt r WHERE {mine} AND customer_id = %(customer)s AND status = 'counted'
      AND kind IN ('sale', 'exchange') AND net + brought_back > greatest(returned, 0) ORDER BY occurred_at DESC LIMIT 2000) AS r
JOIN commerce_receiptline l ON l.receipt_id = r.id AND l.net > 0
LEFT JOIN commerce_product p ON p.id = l.product_id
GROUP BY 1, 2 ORDER BY 4 DESC, 3 DESC, 2 LIMIT 5
"""


@dataclass(frozen=True, slots=True)
class Habits:
    """Purchases of a customer in the currency used most; `kept` is net of tax and linked returns, in minor units.

    A purchase is a sale, or an exchange for what it sold.
    """

    currency: str
    receipts: int
    kept: int
    days: int
    first_on: date
    last_on: date
    branch: str
    hour: int

    @property
    def average(self) -> int:
        return self.kept // self.receipts

    @property
    def usual_interval(self) -> int | None:
        """Mean days between purchase days, from the third purchase day on."""
        return floor((self.last_on - self.first_on).days / (self.days - 1) + 0.5) if self.days > 2 else None


@dataclass(frozen=True, slots=True)
class Favorite:
    """A product that a customer bought, in how many receipts and how many pieces."""

    product_id: UUID | None
    name: str
    quantity: Any
    receipts: int


@dataclass(frozen=True, slots=True)
class Purchases:
    """The purchases panel: habits (None before the first purchase), favorites, latest documents."""

    habits: Habits | None
    favorites: Sequence[Favorite]
    latest: Sequence[Receipt]


def customer_purchases(*, by: Actor, customer_id: UUID) -> Purchases:
    """How a customer buys."""
    require(by, "commerce.view_receipts")
    demand(by, "customers.customer", [customer_id], "read")
    mine, values = where(by, RECEIPT.name, "r")
    values["customer"] = customer_id
    habits = fetch(_HABITS.replace("{mine}", mine), values)
    latest = Receipt.objects.visible_to(by).filter(customer=customer_id).select_related("branch")
    return Purchases(
        Habits(*habits[0]) if habits else None,
        [Favorite(*row) for row in fetch(_FAVORITES.replace("{mine}", mine), values)] if habits else [],
        list(latest.defer("attributes").order_by("-occurred_at", "-pk")[:5]),
    )
