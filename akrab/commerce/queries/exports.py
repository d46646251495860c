"""Receipts and products as a file has them: one row per receipt line, one row per product."""

from __future__ import annotations

from akrab.commerce.models import RECEIPT
from akrab.commerce.queries.customizing import PRODUCT
from akrab.commerce.queries.filtering import FILTERABLE
from akrab.platform.customizing.files import exporting
from akrab.platform.exporting import Export

_UNIT = "10.0 ^ CASE WHEN {} IN ('JPY', 'KRW', 'VND', 'CLP', 'PYG') THEN 0 WHEN {} IN ('KWD', 'BHD', 'OMR') THEN 3 ELSE 2 END"


def _money(column: str, currency: str) -> str:
    """An amount in whole units of its currency, from minor units."""
    return f"({column} / {_UNIT.replace('{}', currency)})::numeric(24, 3)"


RECEIPT_ROWS = Export(
    may="commerce.view_receipts",
    sql=f"""
SELECT b.code, r.number, r.terminal, r.business_on, r.occurred_at, r.kind, r.status, r.channel, c.id::text,
    c.display_name, r.currency, l.line, l.kind, l.sku, l.name, l.quantity, l.unit_price, {_money("l.discount", "r.currency")},
    {_money("l.net", "r.currency")}, {_money("l.tax", "r.currency")}, {_money("r.total", "r.currency")}, r.original_number
FROM commerce_receipt r JOIN commerce_branch b ON b.id = r.branch_id
LEFT JOIN commerce_receiptline l ON l.receipt_id = r.id LEFT JOIN customers_customer c ON c.id = r.customer_id AND {{within:c}}
WHERE {{where}} ORDER BY b.code, r.business_on, r.number, r.terminal, l.line""",
    columns=(
        ("branch", "text"), ("receipt", "text"), ("terminal", "text"), ("business_on", "date"), ("date", "moment"),
        ("kind", "text"), ("status", "text"), ("channel", "text"), ("customer", "text"), ("customer_name", "text"),
        ("currency", "text"), ("line", "integer"), ("line_kind", "text"), ("sku", "text"), ("product", "text"),
        ("quantity", "decimal"), ("price", "decimal"), ("discount", "decimal"), ("net", "decimal"), ("tax", "decimal"),
        ("receipt_total", "decimal"), ("original", "text"),
    ),
    filters={
        "branch": "b.code = %(branch)s", "from": "r.business_on >= %(from)s", "to": "r.business_on <= %(to)s",
        "kind": "r.kind = %(kind)s", "status": "r.status = %(status)s", "channel": "r.channel = %(channel)s",
    },
    protects={"r": RECEIPT.name},
    names={"c": "customers.customer"},
)  # fmt: skip

PRODUCT_ROWS = Export(
    may="commerce.view_receipts",
    sql=f"""
SELECT p.id::text, p.sku, p.name, g.name, {_money("p.price", "p.currency")}, {_money("p.cost", "p.currency")}, p.currency,
    p.is_active{{custom}}
FROM commerce_product p LEFT JOIN commerce_category g ON g.id = p.category_id
WHERE {{where}} ORDER BY p.sku""",
    columns=(
        ("id", "text"), ("sku", "text"), ("name", "text"), ("category", "text"), ("price", "decimal"),
        ("cost", "decimal"), ("currency", "text"), ("active", "boolean"),
    ),
    filters={"category": "g.name = %(category)s"},
    adds=lambda export: exporting(export, PRODUCT, "p"),
    reads=FILTERABLE,
)  # fmt: skip
