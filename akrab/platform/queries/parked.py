"""Parked facts: what a listener could not take, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Parked:
    """One fact that waits for its listener to be mended; `reason` is the last line of the error."""

    id: UUID
    kind: str
    listener: str
    parked_at: datetime
    reason: str
    trace: str


def waiting_facts(*, by: Actor) -> list[Parked]:
    """The oldest parked facts, at most a hundred."""
    require(by, "platform.view_status")
    rows = fetch(
        "SELECT id, kind, listener, parked_at, reason FROM platform_parkedfact ORDER BY parked_at, id LIMIT %s",
        [SHOWN],
    )
    return [Parked(row[0], row[1], row[2], row[3], _last_line(row[4]), row[4]) for row in rows]


def _last_line(trace: str) -> str:
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""
