"""Following merges: a receipt that was being recorded while its customer was merged goes to the survivor too."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import operation


@operation(may="commerce.record_receipts")
def follow_merges(*, by: Actor, customer_ids: Sequence[UUID]) -> int:
    """Give receipts that still name merged customers to whom they were merged into; returns how many."""
    moved = fetch(
        "WITH RECURSIVE up AS (SELECT id AS first, id, merged_into_id FROM customers_customer WHERE id = ANY(%s) "
        "UNION ALL SELECT up.first, c.id, c.merged_into_id FROM up JOIN customers_customer c ON c.id = up.merged_into_id) "
        "UPDATE commerce_receipt r SET customer_id = up.id, changed_xid = pg_current_xact_id()::text::bigint FROM up "
        "WHERE up.merged_into_id IS NULL AND up.id <> up.first AND r.customer_id = up.first RETURNING 1",
        [list(customer_ids)],
    )
    return len(moved)
