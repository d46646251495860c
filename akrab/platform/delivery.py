"""Delivery: listeners get lists of facts through jobs queued in the fact's own transaction; each retries alone."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import procrastinate
from django.db import connection, transaction
from procrastinate.contrib.django import app

from akrab.platform.bulk import copy_rows
from akrab.platform.declaring import load

BATCH = 1000
QUEUE = "facts"
JOB = ("queue_name", "task_name", "args")
ATTEMPTS = 3
HEARTBEAT = 3
STALLED_AFTER = 15

Listener = Callable[[Sequence[Any]], None]

_app: Any = app  # its overloads take neither a partial nor a callable by value

LISTENERS: dict[str, list[str]] = {}
PERIODIC: dict[str, str] = {}
_functions: dict[str, Listener] = {}


def on(*kinds: type[Any]) -> Callable[[Listener], Listener]:
    """Register a room's listener: it gets a list of 1 to 1,000 facts, at least once, and must be safe to repeat."""

    def declare(function: Listener) -> Listener:
        name = _name(function)
        _functions[name] = function
        for cls in kinds:
            LISTENERS.setdefault(cls.fact_kind, []).append(name)
        _app.task(
            partial(_deliver, listener=name),
            name=name,
            queue=QUEUE,
            pass_context=True,
            retry=procrastinate.RetryStrategy(max_attempts=ATTEMPTS - 1, exponential_wait=3),
        )
        return function

    return declare


def every(cron: str) -> Callable[[Callable[[datetime], None]], Callable[[datetime], None]]:
    """Run a job on the clock (cron in UTC); it is told the moment it was due."""

    def declare(function: Callable[[datetime], None]) -> Callable[[datetime], None]:
        name = _name(function)
        PERIODIC[name] = cron

        def run(timestamp: int) -> None:
            function(datetime.fromtimestamp(timestamp, UTC))

        task = _app.task(run, name=name, queue="clock", queueing_lock=name)
        app.periodic(cron=cron)(task)
        return function

    return declare


def job(queue: str = "work", **options: Any) -> Callable[[Callable[..., None]], Any]:
    """Declare work that an entrance queues by hand, for example one import; arguments are ids only."""

    def declare(function: Callable[..., None]) -> Any:
        return _app.task(function, name=_name(function), queue=queue, **options)

    return declare


def jobs_for(
    listeners: Sequence[str], kind: str, *, lo: UUID, hi: UUID, since: datetime, until: datetime, xid: int
) -> list[tuple[str, str, str]]:
    """The rows of the queue by which listeners get the facts between two ids of one transaction.

    They are written with the facts, in the same round trip; the queue's own way to add a job takes one for each.
    """
    where = {"kind": kind, "lo": str(lo), "hi": str(hi), "since": since.isoformat(), "until": until.isoformat(), "xid": xid}
    return [(QUEUE, name, json.dumps(where)) for name in listeners]


def defer_one(listener: str, kind: str, *, lo: UUID, hi: UUID, since: datetime, until: datetime, xid: int) -> None:
    """Queue one listener for the facts between two ids of one transaction."""
    copy_rows("procrastinate_jobs", JOB, jobs_for([listener], kind, lo=lo, hi=hi, since=since, until=until, xid=xid))


def registered() -> frozenset[str]:
    """The names of all listeners."""
    return frozenset(_functions)


def _deliver(context: procrastinate.JobContext, *, listener: str, **where: Any) -> None:
    rows = _read(**where)
    try:
        _functions[listener]([fact for _, _, fact in rows])
    except Exception:
        if context.job.attempts < ATTEMPTS - 1:
            raise
        _isolate(listener, rows, where)


def _isolate(listener: str, rows: list[tuple[UUID, datetime, Any]], where: dict[str, Any]) -> None:
    """After the last retry: halve the list until the facts that fail stand alone, and park those."""
    if len(rows) <= 1:
        for row in rows:
            _park(listener, row, where["kind"])
        return
    half = len(rows) // 2
    with transaction.atomic():
        for part in (rows[:half], rows[half:]):
            app.tasks[listener].defer(**{**where, "lo": str(part[0][0]), "hi": str(part[-1][0])})


def _park(listener: str, row: tuple[UUID, datetime, Any], kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_parkedfact (id, fact_id, occurred_at, kind, listener, reason, parked_at) "
            "VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, now()) "
            "ON CONFLICT (fact_id, listener) DO UPDATE SET reason = excluded.reason, parked_at = now()",
            [row[0], row[1], kind, listener, traceback.format_exc(limit=-6)],
        )


_SELECT = (
    "SELECT id, occurred_at, payload FROM platform_fact WHERE id BETWEEN %s AND %s "
    "AND occurred_at BETWEEN %s AND %s AND kind = %s AND xid = %s ORDER BY id"
)


def _read(*, kind: str, lo: str, hi: str, since: str, until: str, xid: int) -> list[tuple[UUID, datetime, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, [lo, hi, since, until, kind, xid])
        return [(row[0], row[1], load(kind, json.loads(row[2]))) for row in cursor.fetchall()]


def _name(function: Callable[..., Any]) -> str:
    room = function.__module__.split(".")[1]
    return f"{room}.{function.__name__}"
