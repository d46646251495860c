"""What customers bought so far, from their receipts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from akrab.customers.public import PurchaseSummary
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require

_SQL = """
SELECT w.id, min(r.occurred_at), max(r.occurred_at), max(r.occurred_at) FILTER (WHERE r.place = 2), count(r.occurred_at),
    coalesce(sum(r.net - r.returned), 0), coalesce(max(r.currency) FILTER (WHERE r.place = 1), '')
FROM unnest(%s::uuid[]) AS w(id)
LEFT JOIN LATERAL (
    SELECT occurred_at, net, returned, currency, row_number() OVER (ORDER BY occurred_at DESC, id DESC) AS place
    FROM commerce_receipt c
    WHERE c.customer_id = w.id AND c.status = 'counted' AND c.kind = 'sale' AND c.net > c.returned
) AS r ON true
GROUP BY w.id
"""


def purchase_summaries(*, by: Actor, customer_ids: Sequence[UUID]) -> list[PurchaseSummary]:
    """One summary per customer: counted sales that were not wholly returned, net of linked returns."""
    require(by, "commerce.view_receipts")
    return [PurchaseSummary(*row) for row in fetch(_SQL, [list(customer_ids)])]
