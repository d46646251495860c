"""The state hash of the customers room: equal for equal customers, whatever order they arrived in."""

from __future__ import annotations

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require

_SQL = """
SELECT count(*), coalesce(md5(string_agg(row_hash, '' ORDER BY row_hash)), md5('')) FROM (
    SELECT md5(concat_ws('|', c.kind, c.display_name, c.email, c.phone, c.city, c.country, c.stage, c.purchase_count, c.spend,
        (SELECT string_agg(i.kind || ':' || i.key, ',' ORDER BY i.kind, i.key)
         FROM customers_identifier i WHERE i.customer_id = c.id),
        (SELECT string_agg(concat_ws(':', t.name, t.number, t.text, t."on"), ',' ORDER BY t.name)
         FROM customers_trait t WHERE t.customer_id = c.id))) AS row_hash
    FROM customers_customer c
) AS rows
"""


def state_hash(*, by: Actor) -> tuple[int, str]:
    """Number of customers and one hash over all of them, their stages, identifiers and traits, without ids and arrival times."""
    require(by, "platform.view_status")
    count, digest = fetch(_SQL)[0]
    return int(count), str(digest)
