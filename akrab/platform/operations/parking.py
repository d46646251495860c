"""Parked facts: hand what a listener could not take to it again, once its cause is mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from akrab.platform import delivery
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.upkeep_facts import ParkedFactsRetried


@operation(may="platform.retry_parked")
def retry_parked(*, by: Actor, parked_ids: Sequence[UUID], at: datetime) -> list[ParkedFactsRetried]:
    """Queue each parked fact for its listener again; one that fails again is parked again.

    Those of a listener that is no longer there stay parked.
    """
    rows = fetch(
        "DELETE FROM platform_parkedfact p USING platform_fact f "
        "WHERE p.id = ANY(%s) AND p.listener = ANY(%s) AND f.id = p.fact_id AND f.occurred_at = p.occurred_at "
        "RETURNING p.listener, f.kind, f.id, f.occurred_at, f.xid",
        [list(parked_ids), sorted(delivery.registered())],
    )
    for listener, kind, fact_id, occurred_at, xid in rows:
        delivery.defer_one(listener, kind, lo=fact_id, hi=fact_id, since=occurred_at, until=occurred_at, xid=xid)
    counts = {listener: sum(row[0] == listener for row in rows) for listener in sorted({row[0] for row in rows})}
    facts = [ParkedFactsRetried(retried_at=at, listener=name, facts=count) for name, count in counts.items()]
    record(facts, by=by)
    return facts
