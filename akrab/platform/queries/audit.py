"""The audit read and checked: who signed in, changed rights, exported, undid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import get_current_timezone, make_aware

from akrab.platform.actor import Actor
from akrab.platform.auditing import CONTENT, START, link_hash
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.queries.stories import Happening

VIEW = "platform.view_audit"
_CHUNK = 5_000

_LINKS = f"""
SELECT a.seq, a.previous, a.hash, a.payload_hash, f.id IS NOT NULL, encode(sha256(convert_to(f.payload::text, 'UTF8')), 'hex'),
    EXISTS (SELECT 1 FROM platform_factcleaning c WHERE c.fact_id = a.fact_id), {CONTENT}
FROM (SELECT seq AS place, * FROM platform_auditrow) AS a
LEFT JOIN LATERAL (
    SELECT p.id, p.payload FROM platform_fact p WHERE p.id = a.fact_id AND p.occurred_at = a.occurred_at
) AS f ON true
ORDER BY a.seq
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found: links, the last hash, and the first broken place with its reason."""

    links: int
    head: str
    broken_at: int | None = None
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None


def verify_audit(*, by: Actor) -> Verdict:
    """Compute every hash again, from the first link; also compare each link with its fact."""
    require(by, VIEW)
    expected, previous = 0, START
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        fetch("SET LOCAL statement_timeout = 0")
        cursor.execute(_LINKS)
        while part := cursor.fetchmany(_CHUNK):
            for seq, before, made, payload, is_there, actual, was_cleaned, *content in part:
                expected += 1
                reason = ""
                if seq != expected:
                    reason = "missing"
                elif before != previous or made != link_hash(previous, seq, content):
                    reason = "changed"
                elif not is_there:
                    reason = "fact_missing"
                elif payload != actual and not was_cleaned:
                    reason = "fact_changed"
                if reason:
                    return Verdict(expected - 1, previous, expected, reason)
                previous = made
    return Verdict(expected, previous)


def audit_page(
    *, by: Actor, person: str = "", kind: str = "", on: date | None = None, before: int | None = None, limit: int = 50
) -> tuple[list[tuple[int, Happening]], int | None]:
    """Links newest first with what they are about, and the place of the next ones."""
    require(by, VIEW)
    where, values = ["true"], dict[str, Any](limit=limit + 1)
    if person:
        where.append("a.actor_id = %(person)s")
        values["person"] = person
    if kind:
        where.append("a.kind = %(kind)s")
        values["kind"] = kind
    if on:
        begin = make_aware(datetime.combine(on, time.min), get_current_timezone())
        where.append("a.recorded_at >= %(begin)s AND a.recorded_at < %(end)s")
        values |= {"begin": begin, "end": begin + timedelta(days=1)}
    if before is not None:
        where.append("a.seq < %(before)s")
        values["before"] = before
    rows = fetch(
        "SELECT a.seq, a.fact_id, a.kind, a.occurred_at, a.recorded_at, f.payload::text, a.actor_label, a.entrance "
        "FROM platform_auditrow a LEFT JOIN platform_fact f ON f.id = a.fact_id AND f.occurred_at = a.occurred_at "
        f"WHERE {' AND '.join(where)} ORDER BY a.seq DESC LIMIT %(limit)s",
        values,
    )
    return _told(rows[:limit]), rows[limit - 1][0] if len(rows) > limit else None


def people_in_audit(*, by: Actor) -> list[tuple[str, str]]:
    """Who appears in the audit: (id, name), the latest name of each."""
    require(by, VIEW)
    rows = fetch(
        "SELECT actor_id, max(actor_label) FROM (SELECT actor_id, actor_label FROM platform_auditrow ORDER BY seq DESC "
        "LIMIT 20000) AS latest GROUP BY actor_id ORDER BY 2, 1 LIMIT 200"
    )
    return [(row[0], row[1] or row[0]) for row in rows]


def _told(rows: Sequence[Sequence[Any]]) -> list[tuple[int, Happening]]:
    found = []
    for seq, fact_id, kind, at, recorded_at, payload, who, entrance in rows:
        assert isinstance(fact_id, UUID)
        found.append((seq, Happening(fact_id, kind, at, recorded_at, json.loads(payload or "{}"), who, entrance)))
    return found
