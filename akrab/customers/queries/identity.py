"""The identity map: as whom a customer is read now, and who is read as them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from akrab.customers.models import Customer
from akrab.platform.bulk import fetch

_SURVIVOR = """
WITH RECURSIVE up AS (
    SELECT id, merged_into_id, 0 AS depth FROM customers_customer WHERE id = %s
    UNION ALL SELECT c.id, c.merged_into_id, up.depth + 1 FROM up JOIN customers_customer c ON c.id = up.merged_into_id
) SELECT id FROM up WHERE merged_into_id IS NULL
"""
_MEMBERS = """
WITH RECURSIVE down AS (
    SELECT %s::uuid AS id
    UNION ALL SELECT c.id FROM down JOIN customers_customer c ON c.merged_into_id = down.id
) SELECT id FROM down
"""


def survivor_of(customer_id: UUID) -> UUID:
    """The customer as whom this one is read; themselves, unless they were merged."""
    rows = fetch(_SURVIVOR, [customer_id])
    return rows[0][0] if rows else customer_id


def names_of_merged(ids: Sequence[UUID]) -> dict[UUID, str]:
    """What customers were called when they were merged into another; nameless and erased ones are left out."""
    rows = Customer.objects.unscoped().filter(pk__in=ids).exclude(display_name="")
    return dict(rows.values_list("pk", "display_name"))


def members_of(customer_id: UUID) -> list[UUID]:
    """The customer and everybody who was merged into them, through however many merges."""
    return [row[0] for row in fetch(_MEMBERS, [customer_id])]
