"""What happened with one thing, read from the fact log."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.rights.history import seen_payloads

_ABOUT = """
SELECT id, kind, occurred_at, recorded_at, payload, actor_label, entrance FROM platform_fact
WHERE subject_id = %s AND subject_kind = %s AND occurred_at BETWEEN %s AND %s
ORDER BY recorded_at, id LIMIT 200
"""


class Happening(NamedTuple):
    """One fact about a thing, as `presentation.tell` takes it."""

    fact_id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    payload: dict[str, Any]
    who: str
    entrance: str


def happenings(*, by: Actor, may: str, subject_kind: str, subject_id: UUID, since: datetime, until: datetime) -> list[Happening]:
    """The facts about a thing between two moments of business time, as they were recorded; `may` is the verb to see it."""
    require(by, may)
    rows = fetch(_ABOUT, [subject_id, subject_kind, since, until])
    payloads = seen_payloads(by, [(row[1], json.loads(row[4]) if isinstance(row[4], str) else row[4]) for row in rows])
    return [
        Happening(row[0], row[1], row[2], row[3], payload, row[5], row[6]) for row, payload in zip(rows, payloads, strict=True)
    ]
