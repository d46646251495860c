"""The fact log: record what happened, once, in the transaction that made it true."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from akrab.platform import delivery
from akrab.platform.actor import Actor
from akrab.platform.bulk import copy_parts, current_xid
from akrab.platform.declaring import DECLARED, Declaration
from akrab.platform.declaring import fact as fact
from akrab.platform.ids import new_ids

CHANNEL = "akrab_live"


_seen: ContextVar[set[str] | None] = ContextVar("facts_seen", default=None)


@contextmanager
def noting_facts() -> Iterator[set[str]]:
    """Collect the kinds of facts recorded inside, for a response that names them."""
    kinds: set[str] = set()
    reset = _seen.set(kinds)
    try:
        yield kinds
    finally:
        _seen.reset(reset)


_COLUMNS = (
    "id",
    "kind",
    "occurred_at",
    "recorded_at",
    "customer_id",
    "subject_kind",
    "subject_id",
    "actor_kind",
    "actor_id",
    "actor_label",
    "entrance",
    "source",
    "source_key",
    "schema",
    "payload",
    "xid",
)


def record(facts: Sequence[Any], *, by: Actor, source: str = "", source_keys: Sequence[str] | None = None) -> list[Any]:
    """Append facts of one or more kinds and queue their listeners, in the running transaction.

    With `source_keys` (one per fact) an outside event that is known already is left out. Returns the facts recorded.
    """
    assert connection.in_atomic_block, "facts belong to the transaction of an operation"
    if not facts:
        return []
    ids = new_ids(len(facts))
    keys: Sequence[str] = source_keys or [""] * len(facts)
    if source_keys is not None:
        fresh = _claim_sources(source, keys, ids)
        kept = [(f, k, i) for f, k, i in zip(facts, keys, ids, strict=True) if i in fresh]
        if not kept:
            return []
        facts, keys, ids = (list(column) for column in zip(*kept, strict=True))
    declared = [DECLARED[one.fact_kind] for one in facts]
    moments = [getattr(one, what.at) for one, what in zip(facts, declared, strict=True)]
    ensure_months({moment.astimezone(UTC).date().replace(day=1) for moment in moments})
    recorded_at = datetime.now(UTC)
    xid = current_xid()
    rows = (
        (
            fact_id,
            what.kind,
            moment,
            recorded_at,
            values.get("customer_id"),
            what.subject,
            values.get(f"{what.subject}_id"),
            by.kind,
            by.id,
            by.label,
            by.entrance,
            source,
            key,
            what.schema,
            _PAYLOAD.encode(values),
            xid,
        )
        for values, what, moment, key, fact_id in zip((one.__dict__ for one in facts), declared, moments, keys, ids, strict=True)
    )
    copy_parts(
        ("platform_fact", _COLUMNS, rows),
        ("procrastinate_jobs", delivery.JOB, _jobs(declared, ids, moments, xid)),
        ("platform_auditpending", ("fact_id", "occurred_at"), _waiting_for_audit(declared, ids, moments)),
        then=_news({what.kind for what in declared}, xid),
    )
    return list(facts)


def _claim_sources(source: str, keys: Sequence[str], ids: Sequence[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_factsource (source, source_key, fact_id) "
            "SELECT DISTINCT ON (key) %s, key, id FROM unnest(%s::text[], %s::uuid[]) AS t(key, id) ORDER BY key, id "
            "ON CONFLICT DO NOTHING RETURNING fact_id",
            [source, list(keys), list(ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def _jobs(declared: list[Declaration], ids: list[UUID], moments: list[datetime], xid: int) -> Iterator[tuple[str, str, str]]:
    """One job for each listener of a kind and each thousand facts of it."""
    by_kind: dict[str, list[int]] = {}
    for index, what in enumerate(declared):
        by_kind.setdefault(what.kind, []).append(index)
    for kind, places in by_kind.items():
        listeners = delivery.LISTENERS.get(kind, ())
        for start in range(0, len(places), delivery.BATCH) if listeners else ():
            part = places[start : start + delivery.BATCH]
            when = [moments[index] for index in part]
            yield from delivery.jobs_for(
                listeners, kind, lo=ids[part[0]], hi=ids[part[-1]], since=min(when), until=max(when), xid=xid
            )


def _waiting_for_audit(
    declared: Sequence[Declaration], ids: Sequence[UUID], moments: Sequence[datetime]
) -> Iterator[tuple[UUID, datetime]]:
    """Audited facts are chained by a job after the commit, so that nobody waits for the chain."""
    return ((one, moment) for what, one, moment in zip(declared, ids, moments, strict=True) if what.audited)


_FOLLOW = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, args) SELECT 'webhooks', 'platform.follow_facts', "
    "jsonb_build_object('xid', %s::bigint) WHERE EXISTS (SELECT 1 FROM platform_webhook WHERE is_on)"
)


def _news(kinds: set[str], xid: int) -> tuple[str, list[Any]]:
    """What tells open pages and, if there are any, webhooks, once this commits."""
    seen = _seen.get()
    if seen is not None:
        seen |= kinds
    return f"SELECT pg_notify(%s, %s); {_FOLLOW}", [CHANNEL, json.dumps({"facts": sorted(kinds)}), xid]


_months: set[date] = set()


def ensure_months(months: set[date]) -> None:
    """Make the partitions of these months, given by their first days; a process asks once for each."""
    missing = months - _months
    if not missing:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT platform_ensure_fact_month(m) FROM unnest(%s::date[]) AS t(m)", [sorted(missing)])
    transaction.on_commit(lambda: _months.update(missing))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


_PAYLOAD = json.JSONEncoder(default=_plain)
