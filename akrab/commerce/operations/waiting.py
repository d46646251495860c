"""Receipts in a foreign currency that waited for a rate get their amount in the reporting currency."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.conf import settings

from akrab.commerce.operations.converting import TOO_MUCH
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.money import exponent
from akrab.platform.operation import operation

_SQL = """
WITH slice AS (
    SELECT r.id, round(r.net * rate.rate * w.scale) AS base, round(r.brought_back * rate.rate * w.scale) AS back
    FROM unnest(%(currencies)s::text[], %(scales)s::numeric[]) AS w(currency, scale)
    JOIN commerce_receipt r ON r.currency = w.currency AND r.base_net IS NULL
    JOIN LATERAL (SELECT c.rate FROM platform_currencyrate c WHERE c.currency = r.currency AND c."on" <= r.business_on
        ORDER BY c."on" DESC LIMIT 1) AS rate ON true
    WHERE greatest(abs(round(r.net * rate.rate * w.scale)), round(r.brought_back * rate.rate * w.scale)) < %(too_much)s
    LIMIT %(limit)s
)
UPDATE commerce_receipt r SET base_net = slice.base, base_brought_back = slice.back,
    changed_xid = pg_current_xact_id()::text::bigint
FROM slice WHERE r.id = slice.id RETURNING r.customer_id
"""


@operation(may="commerce.edit_rates")
def convert_waiting(*, by: Actor, currencies: list[str], limit: int = 50_000) -> list[UUID | None]:
    """Convert at most `limit` receipts that have no base amount yet; returns whose they are. Converted ones are never touched."""
    scales = [Decimal(10) ** (exponent(settings.CURRENCY) - exponent(currency)) for currency in currencies]
    rows = fetch(_SQL, {"currencies": currencies, "scales": scales, "limit": limit, "too_much": TOO_MUCH})
    return [row[0] for row in rows]
