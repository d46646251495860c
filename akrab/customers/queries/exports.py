"""Customers as a file has them: one row each, with what identifies them."""

from __future__ import annotations

from akrab.platform.exporting import Export

_IDENTIFIERS = """(SELECT string_agg(i.value, '; ' ORDER BY i.added_at, i.key) FROM customers_identifier i
    WHERE i.customer_id = c.id AND i.kind = '{kind}')"""


def _of_kind(kind: str) -> str:
    return _IDENTIFIERS.replace("{kind}", kind)


CUSTOMER_ROWS = Export(
    may="customers.view_customers",
    sql=f"""
SELECT c.id::text, c.kind, c.display_name, c.honorific, c.given_name, c.family_name, {_of_kind("email")},
    {_of_kind("phone")}, {_of_kind("whatsapp")}, {_of_kind("card")}, {_of_kind("external")}, c.address, c.city, c.country,
    c.born_on, c.registered_at, c.stage, c.purchase_count,
    (c.spend / 10.0 ^ CASE WHEN c.spend_currency IN ('JPY', 'KRW', 'VND') THEN 0 ELSE 2 END)::numeric(20, 2),
    c.spend_currency, c.first_purchase_at, c.last_purchase_at
FROM customers_customer c WHERE {{where}} ORDER BY c.id""",  # noqa: S608 - no value enters the text
    columns=(
        ("id", "text"), ("kind", "text"), ("name", "text"), ("honorific", "text"), ("given_name", "text"),
        ("family_name", "text"), ("email", "text"), ("phone", "text"), ("whatsapp", "text"), ("card", "text"),
        ("customer_id", "text"), ("address", "text"), ("city", "text"), ("country", "text"), ("born_on", "date"),
        ("registered_on", "moment"), ("stage", "text"), ("purchase_count", "integer"), ("spend", "decimal"),
        ("spend_currency", "text"), ("first_purchase_at", "moment"), ("last_purchase_at", "moment"),
    ),
    filters={
        "stage": "c.stage = %(stage)s", "kind": "c.kind = %(kind)s", "city": "c.city = %(city)s",
        "country": "c.country = %(country)s",
    },
)  # fmt: skip
