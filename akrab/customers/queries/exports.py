"""Customers as a file has them: one row each, with what identifies them."""

from __future__ import annotations

from akrab.customers.models import CUSTOMER
from akrab.customers.queries.filtering import FILTERABLE
from akrab.platform.customizing.files import exporting
from akrab.platform.exporting import Export

_KINDS = ("email", "phone", "whatsapp", "card", "external")
_VALUES = ", ".join(f"string_agg(value, '; ' ORDER BY added_at, key) FILTER (WHERE kind = '{kind}') AS {kind}" for kind in _KINDS)

CUSTOMER_ROWS = Export(
    may="customers.view_customers",
    sql=f"""
SELECT c.id::text, c.kind, c.display_name, c.honorific, c.given_name, c.family_name, i.email, i.phone,
    i.whatsapp, i.card, i.external, c.address, c.city, c.country,
    c.born_on, c.registered_at, c.stage, c.purchase_count,
    (c.spend / 10.0 ^ CASE WHEN c.spend_currency IN ('JPY', 'KRW', 'VND') THEN 0 ELSE 2 END)::numeric(20, 2),
    c.spend_currency, c.first_purchase_at, c.last_purchase_at{{custom}}
FROM customers_customer c
LEFT JOIN (SELECT customer_id, {_VALUES} FROM customers_identifier GROUP BY customer_id) i ON i.customer_id = c.id
WHERE {{where}} ORDER BY c.id""",
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
    protects={"c": CUSTOMER.name},
    adds=lambda export: exporting(export, CUSTOMER.name, "c"),
    reads=FILTERABLE,
)  # fmt: skip

DUPLICATE_ROWS = Export(
    may="customers.merge_customers",
    sql="""
SELECT d.id::text, a.id::text, a.display_name, b.id::text, b.display_name, round(d.bits::numeric, 2),
    (SELECT string_agg(e->>'field' || ' ' || (ARRAY['differs', 'similar', 'same'])[(e->>'level')::int + 1], '; ')
     FROM jsonb_array_elements(d.evidence) e),
    d.status, d.found_at
FROM customers_duplicate d JOIN customers_customer a ON a.id = d.a_id JOIN customers_customer b ON b.id = d.b_id
WHERE {where} ORDER BY d.bits DESC, d.id""",
    columns=(
        ("id", "text"), ("a_id", "text"), ("a_name", "text"), ("b_id", "text"), ("b_name", "text"), ("bits", "decimal"),
        ("evidence", "text"), ("status", "text"), ("found_at", "moment"),
    ),
    filters={"status": "d.status = %(status)s"},
    protects={"a": CUSTOMER.name, "b": CUSTOMER.name},
)  # fmt: skip
