"""What customers bought so far, from their receipts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from akrab.customers.public import PurchaseSummary
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require

_SQL = """
SELECT w.id, min(r.occurred_at), max(r.occurred_at), max(r.occurred_at) FILTER (WHERE r.place = 2), count(r.occurred_at),
    coalesce(sum(r.kept), 0), CASE WHEN count(r.occurred_at) > 0 THEN %(currency)s ELSE '' END
FROM unnest(%(customers)s::uuid[]) AS w(id)
LEFT JOIN LATERAL (
    SELECT occurred_at,
        round((base_net + base_brought_back)::numeric * (net + brought_back - returned) / (net + brought_back)) AS kept,
        row_number() OVER (ORDER BY occurred_at DESC, id DESC) AS place
    FROM commerce_receipt c
    WHERE c.customer_id = w.id AND c.status = 'counted' AND c.kind IN ('sale', 'exchange')
        AND c.net + c.brought_back > greatest(c.returned, 0)
) AS r ON true
GROUP BY w.id
"""


def purchase_summaries(*, by: Actor, customer_ids: Sequence[UUID]) -> list[PurchaseSummary]:
    """One summary per customer: counted sales, and what exchanges sold, where it was not wholly returned.

    Spend is what they sold less linked returns in the reporting currency, at the rate of each; one without a rate adds nothing.
    """
    require(by, "commerce.view_receipts")
    return [PurchaseSummary(*row) for row in fetch(_SQL, {"customers": list(customer_ids), "currency": settings.CURRENCY})]
