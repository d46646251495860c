"""Forgetting what is kept only for a time."""

from __future__ import annotations

from datetime import datetime

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import operation


@operation(may="platform.keep_house")
def forget_idempotency_keys(*, by: Actor, before: datetime) -> int:
    """Delete the first answers that were given before a moment; says how many."""
    # ids are UUIDv7, so the primary key finds the old ones without another index
    floor = f"{int(before.timestamp() * 1000):012x}"
    rows = fetch(
        "WITH gone AS (DELETE FROM platform_idempotencykey WHERE id < %s::uuid RETURNING 1) SELECT count(*) FROM gone",
        [f"{floor[:8]}-{floor[8:]}-0000-0000-000000000000"],
    )
    return int(rows[0][0])
