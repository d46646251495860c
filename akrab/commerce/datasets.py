"""What commerce offers to insight: branches, products, receipts, their lines, and purchases by customer and month."""

from __future__ import annotations

from akrab.platform.lake.declaration import Dataset, Partitions, RollUp

_MONTH = "(extract(year from {0}.business_on)::int * 12 + extract(month from {0}.business_on)::int - 1)"
_IN_LAKE = "r.status = 'counted' AND r.kind <> 'void'"
_OF_MONTH = "r.business_on >= DATE '{first}' AND r.business_on < DATE '{end}'"

_BRANCHES = Partitions(
    name="branches",
    counted="SELECT 0, count(*) FROM commerce_branch",
    touched="SELECT 0 WHERE EXISTS (SELECT 1 FROM commerce_branch WHERE changed_xid >= {since})",
)

# Categories carry no transaction id and products are few, so products are always read again.
_PRODUCTS = Partitions(name="products", counted="SELECT 0, count(*) FROM commerce_product", touched="SELECT 0")

# A return changes what is left of its sale, maybe in an earlier month; a branch's zone gives the local hour.
_RECEIPTS = Partitions(
    name="receipts",
    counted=f"SELECT {_MONTH.format('r')}, count(*) FROM commerce_receipt r WHERE {_IN_LAKE} GROUP BY 1",
    touched=(
        f"SELECT {_MONTH.format('r')} FROM commerce_receipt r WHERE r.changed_xid >= {{since}}"
        f" UNION SELECT {_MONTH.format('o')} FROM commerce_receipt r JOIN commerce_receipt o ON o.id = r.original_id"
        " WHERE r.changed_xid >= {since}"
        f" UNION SELECT {_MONTH.format('r')} FROM commerce_receipt r JOIN commerce_branch b ON b.id = r.branch_id"
        " WHERE b.changed_xid >= {since}"
    ),
)

DATASETS = (
    Dataset(
        name="branches",
        columns=(
            ("branch_id", "VARCHAR"),
            ("code", "VARCHAR"),
            ("name", "VARCHAR"),
            ("channel", "VARCHAR"),
            ("zone", "VARCHAR"),
        ),
        sql="SELECT id::text AS branch_id, code, name, channel, zone FROM commerce_branch",
        order=("branch_id",),
        partitions=_BRANCHES,
    ),
    Dataset(
        name="products",
        columns=(
            ("product_id", "VARCHAR"),
            ("sku", "VARCHAR"),
            ("name", "VARCHAR"),
            ("category_id", "VARCHAR"),
            ("category", "VARCHAR"),
            ("price", "BIGINT"),
            ("cost", "BIGINT"),
        ),
        sql=(
            "SELECT p.id::text AS product_id, p.sku, p.name, c.id::text AS category_id, c.name AS category, p.price, p.cost"
            " FROM commerce_product p LEFT JOIN commerce_category c ON c.id = p.category_id"
        ),
        order=("product_id",),
        partitions=_PRODUCTS,
    ),
    Dataset(
        name="receipts",
        columns=(
            ("receipt_id", "VARCHAR"),
            ("customer_id", "VARCHAR"),
            ("branch_id", "VARCHAR"),
            ("channel", "VARCHAR"),
            ("kind", "VARCHAR"),
            ("number", "VARCHAR"),
            ("business_on", "DATE"),
            ("occurred_at", "TIMESTAMP"),
            ("hour", "INTEGER"),
            ("currency", "VARCHAR"),
            ("net", "BIGINT"),
            ("tax", "BIGINT"),
            ("total", "BIGINT"),
            ("returned", "BIGINT"),
            ("original_id", "VARCHAR"),
            ("paid_with_points", "BIGINT"),
            ("base_net", "BIGINT"),
            ("brought_back", "BIGINT"),
            ("base_brought_back", "BIGINT"),
            ("lines", "INTEGER"),
        ),
        sql=(
            "SELECT r.id::text AS receipt_id, r.customer_id::text AS customer_id, r.branch_id::text AS branch_id,"
            " r.channel, r.kind, r.number, r.business_on, r.occurred_at AT TIME ZONE 'UTC' AS occurred_at,"
            " extract(hour from r.occurred_at AT TIME ZONE b.zone)::int AS hour, r.currency, r.net, r.tax, r.total,"
            " r.returned, r.original_id::text AS original_id, r.paid_with_points, r.base_net, r.brought_back,"
            " r.base_brought_back, CASE WHEN r.brought_back = 0 THEN r.line_count ELSE"
            " (SELECT count(*)::int FROM commerce_receiptline l WHERE l.receipt_id = r.id AND l.net >= 0) END AS lines"
            " FROM commerce_receipt r JOIN commerce_branch b ON b.id = r.branch_id"
            f" WHERE {_IN_LAKE} AND {_OF_MONTH}"
        ),
        order=("customer_id", "receipt_id"),
        partitions=_RECEIPTS,
        span="business_on",
        distinct=("currency",),
    ),
    Dataset(
        name="lines",
        columns=(
            ("receipt_id", "VARCHAR"),
            ("line", "INTEGER"),
            ("customer_id", "VARCHAR"),
            ("branch_id", "VARCHAR"),
            ("channel", "VARCHAR"),
            ("kind", "VARCHAR"),
            ("business_on", "DATE"),
            ("product_id", "VARCHAR"),
            ("sku", "VARCHAR"),
            ("quantity", "DOUBLE"),
            ("net", "BIGINT"),
            ("base_net", "BIGINT"),
            ("cost", "BIGINT"),
            ("currency", "VARCHAR"),
        ),
        sql=(
            "SELECT r.id::text AS receipt_id, l.line, r.customer_id::text AS customer_id,"
            " r.branch_id::text AS branch_id, r.channel, r.kind, r.business_on, l.product_id::text AS product_id,"
            " l.sku, l.quantity::float8 AS quantity, l.net,"
            " CASE WHEN r.base_net = r.net THEN l.net"
            " WHEN r.net <> 0 THEN round(l.net::numeric * r.base_net / r.net)::bigint END AS base_net,"
            " l.cost, r.currency"
            " FROM commerce_receipt r JOIN commerce_receiptline l ON l.receipt_id = r.id"
            f" WHERE {_IN_LAKE} AND {_OF_MONTH}"
        ),
        order=("customer_id", "receipt_id", "line"),
        partitions=_RECEIPTS,
        span="business_on",
        distinct=("currency",),
    ),
    RollUp(
        name="customer_months",
        columns=(
            ("customer_id", "VARCHAR"),
            ("month", "INTEGER"),
            ("receipts", "BIGINT"),
            ("days", "BIGINT"),
            ("net", "BIGINT"),
            ("returned", "BIGINT"),
            ("kept", "BIGINT"),
            ("first_on", "DATE"),
            ("last_on", "DATE"),
        ),
        of="receipts",
        sql=(
            "SELECT customer_id, {month} AS month, count(*) AS receipts, count(DISTINCT business_on) AS days,"
            " sum(net + brought_back) AS net, sum(returned) AS returned,"
            " sum(net + brought_back - returned - paid_with_points) AS kept,"
            " min(business_on) AS first_on, max(business_on) AS last_on"
            " FROM {source} WHERE kind IN ('sale', 'exchange') AND net + brought_back > 0"
            " AND returned < net + brought_back AND customer_id IS NOT NULL"
            " GROUP BY customer_id"
        ),
        order=("customer_id",),
        span="last_on",
    ),
)
