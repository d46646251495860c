"""The state hash of commerce: equal for equal receipts, whatever order and however often they arrived."""

from __future__ import annotations

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require

_SQL = """
WITH customer_keys AS (
    SELECT customer_id, string_agg(kind || ':' || key, ',' ORDER BY kind, key) AS keys
    FROM customers_identifier GROUP BY customer_id
), lines AS (
    SELECT receipt_id, md5(string_agg(concat_ws('|', line, kind, sku, name, quantity, unit_price, discount, net, tax,
        cost), ';' ORDER BY line)) AS hash
    FROM commerce_receiptline GROUP BY receipt_id
), tenders AS (
    SELECT receipt_id, string_agg(method || ':' || amount, ',' ORDER BY position) AS hash
    FROM commerce_tender GROUP BY receipt_id
), receipts AS (
    SELECT md5(concat_ws('|', b.code, r.terminal, r.number, r.business_on, extract(epoch FROM r.occurred_at), r.kind,
        r.status, r.channel, r.customer_from, r.currency, r.net, r.tax, r.discount, r.shipping, r.rounding, r.total,
        r.paid_with_points, r.returned, r.base_net, r.brought_back, r.base_brought_back,
        r.original_number, r.revision, r.content_hash, o.number,
        k.keys, l.hash, t.hash)) AS hash
    FROM commerce_receipt r JOIN commerce_branch b ON b.id = r.branch_id
    LEFT JOIN commerce_receipt o ON o.id = r.original_id
    LEFT JOIN customer_keys k ON k.customer_id = r.customer_id
    LEFT JOIN lines l ON l.receipt_id = r.id LEFT JOIN tenders t ON t.receipt_id = r.id
), products AS (
    SELECT md5(concat_ws('|', p.sku, p.name, c.name, p.price, p.cost, p.currency)) AS hash
    FROM commerce_product p LEFT JOIN commerce_category c ON c.id = p.category_id
)
SELECT (SELECT count(*) FROM receipts),
    md5(coalesce((SELECT string_agg(hash, '' ORDER BY hash) FROM receipts), '')
     || coalesce((SELECT string_agg(hash, '' ORDER BY hash) FROM products), ''))
"""


def state_hash(*, by: Actor) -> tuple[int, str]:
    """Number of receipts and one hash over receipts, lines, tenders, links and products, without ids and arrival times.

    A product is what its earliest line ever said of it, also where a later revision of that receipt says it no more. Of two
    messages with one number and one revision the one that arrived last counts: their order is the only one that matters.
    """
    require(by, "platform.view_status")
    count, digest = fetch(_SQL)[0]
    return int(count), str(digest)
