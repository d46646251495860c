"""The feed of facts for other programs: every fact once, in the order in which transactions began, with no gaps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.refusal import Forbidden, Refusal
from akrab.platform.rights.history import facts_within_reach, seen_payloads

VIEW_VERBS: Mapping[str, str] = {
    "customers": "customers.view_customers",
    "commerce": "commerce.view_receipts",
    "insight": "insight.view_insight",
    "platform": "platform.manage_users",
}


# The oldest transaction that still runs in this database (those of other databases on the server do not hold us up), and
# which database this is: a restored one has another number, or lies on another server.
_HORIZON = """
SELECT coalesce((
    SELECT min(running::text::bigint) FROM pg_snapshot_xip(seen) AS running WHERE NOT EXISTS (
        SELECT 1 FROM pg_stat_activity AS other WHERE other.datname <> current_database()
            AND other.backend_xid::text::bigint = (running::text::bigint & 4294967295)
    )
), pg_snapshot_xmax(seen)::text::bigint), left(md5(concat_ws('/',
    (SELECT system_identifier FROM pg_control_system()), (SELECT oid FROM pg_database WHERE datname = current_database())
)), 12) FROM (SELECT pg_current_snapshot() AS seen) AS now
"""


class PositionOutdated(Refusal):
    """Transaction numbers start again in a restored database, so a position from before it means nothing there."""

    code = "cursor_outdated"
    status = 410
    message = _(
        "This cursor is from before the database was restored. Begin again without one; facts that you know keep their ids."
    )


class FactRow(NamedTuple):
    """One fact as it lies in the log."""

    id: UUID
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    customer_id: UUID | None
    subject_kind: str
    subject_id: UUID | None
    actor_kind: str
    actor_id: str
    actor_label: str
    entrance: str
    source: str
    source_key: str
    schema: int
    payload: dict[str, Any]


def facts_after(
    *, by: Actor, after: Sequence[Any] = (), kinds: Sequence[str] = (), customer_id: UUID | None = None, limit: int = 50
) -> tuple[list[FactRow], list[Any]]:
    """Facts that the actor may see after a position, and the position to go on from.

    Facts of transactions that still run, and of all that began after those, wait for the next call: a reader that goes
    on from its position never misses one. A position from before a restore is refused.
    """
    where, values = _within_reach(by)
    [(horizon, epoch)] = fetch(_HORIZON)
    if after and after[0] != epoch:
        raise PositionOutdated
    where.append("xid < %(horizon)s")
    values |= {"horizon": horizon, "limit": limit}
    if kinds:
        where.append("kind LIKE ANY(%(kinds)s)")
        values["kinds"] = [kind if "." in kind else f"{kind}.%" for kind in kinds]
    if customer_id is not None:
        where.append("customer_id = %(customer)s")
        values["customer"] = customer_id
    if len(after) > 1:
        where.append("(xid, id) > (%(xid)s::bigint, %(id)s::uuid)")
        values |= {"xid": after[1], "id": after[2]}
    rows = fetch(f"{_SELECT} WHERE {' AND '.join(where)} ORDER BY xid, id LIMIT %(limit)s", values)
    position = [epoch, rows[-1][-1], str(rows[-1][0])] if rows else list(after) or [epoch]
    return _seen(by, rows), position


def seen_facts(*, by: Actor, facts: Sequence[tuple[UUID, datetime]]) -> dict[UUID, FactRow]:
    """Those of these facts, given by id and moment, that the actor may see now, as the actor may see them."""
    where, values = _within_reach(by)
    values |= {"ids": [one for one, _at in facts], "moments": [at for _one, at in facts]}
    given = "JOIN unnest(%(ids)s::uuid[], %(moments)s::timestamptz[]) AS g(id, at) ON f.id = g.id AND f.occurred_at = g.at"
    rows = fetch(f"{_SELECT} {given} WHERE {' AND '.join(where) or 'true'}", values)
    return {row.id: row for row in _seen(by, rows)}


def place_now() -> list[Any]:
    """The position before everything that a transaction of now, or one that still runs, will have recorded."""
    [(horizon, epoch)] = fetch(_HORIZON)
    return [epoch, horizon - 1, _LAST]


def place_again(fact_id: str) -> list[Any]:
    """A position after a restore: before the first fact that is younger than the last one read."""
    [(horizon, epoch)] = fetch(_HORIZON)
    [(first,)] = fetch("SELECT min(xid) FROM platform_fact WHERE id > %s", [fact_id])
    return [epoch, (horizon if first is None else min(first, horizon)) - 1, _LAST]


def horizon() -> int:
    """The oldest transaction that still runs; what it and later ones record is not read yet."""
    return int(fetch(_HORIZON)[0][0])


_LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff"
_SELECT = (
    "SELECT f.id, kind, occurred_at, recorded_at, customer_id, subject_kind, subject_id, actor_kind, actor_id, "
    "actor_label, entrance, source, source_key, schema, payload::text, xid FROM platform_fact AS f"
)


def _within_reach(by: Actor) -> tuple[list[str], dict[str, Any]]:
    rooms = [room for room, verb in VIEW_VERBS.items() if by.may(verb)]
    if not rooms:
        raise Forbidden(verb="customers.view_customers")
    where: list[str] = []
    values: dict[str, Any] = {}
    if len(rooms) < len(VIEW_VERBS):
        where.append(f"({' OR '.join(f'kind >= %({room})s AND kind < %({room}_end)s' for room in rooms)})")
        values |= {room: f"{room}." for room in rooms} | {f"{room}_end": f"{room}/" for room in rooms}
    reach, more = facts_within_reach(by, "f")
    return [*where, *reach], values | more


def _seen(by: Actor, rows: Sequence[tuple[Any, ...]]) -> list[FactRow]:
    payloads = seen_payloads(by, [(row[1], json.loads(row[-2])) for row in rows])
    return [FactRow._make([*row[:-2], payload]) for row, payload in zip(rows, payloads, strict=True)]
