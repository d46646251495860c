"""What a product sold in the last weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from akrab.commerce.models import RECEIPT
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.rights.limits import where

WEEKS = 8
# Lines are found by receipt, so a window is only as wide as this many receipts: the page stays quick in a big chain.
MOST_RECEIPTS = 60_000

_WINDOW = """
SELECT min(business_on) FROM (
    SELECT business_on FROM commerce_receipt WHERE business_on BETWEEN %s AND %s ORDER BY business_on DESC LIMIT %s
) AS latest HAVING count(*) = %s
"""
_SQL = """
SELECT date_trunc('week', r.business_on)::date, r.currency, count(DISTINCT r.id), sum(l.quantity), sum(l.net)::bigint
FROM commerce_receipt r JOIN commerce_receiptline l ON l.receipt_id = r.id
WHERE {mine} AND r.business_on BETWEEN %(since)s AND %(until)s
    AND r.status = 'counted' AND r.kind <> 'void' AND l.product_id = %(product)s
GROUP BY 1, 2 ORDER BY 1 DESC, 2
"""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a product in one currency: documents, pieces and net less what came back, in minor units."""

    first_on: date
    currency: str
    receipts: int
    quantity: Decimal
    net: int

    @property
    def last_on(self) -> date:
        return self.first_on + timedelta(days=6)


def product_weeks(*, by: Actor, product_id: UUID, until: date) -> list[Week]:
    """The product's weeks up to a day, the latest first; a week starts on Monday. Fewer weeks when they are busy."""
    require(by, "commerce.view_receipts")
    since = until - timedelta(days=until.weekday(), weeks=WEEKS - 1)
    full = fetch(_WINDOW, [since, until, MOST_RECEIPTS, MOST_RECEIPTS])
    if full:
        since = full[0][0] + timedelta(days=7 - full[0][0].weekday())
        since = min(since, until - timedelta(days=until.weekday()))
    mine, values = where(by, RECEIPT.name, "r")
    values |= {"since": since, "until": until, "product": product_id}
    return [Week(*row) for row in fetch(_SQL.replace("{mine}", mine), values)]
