"""The queue: jobs a second with one worker, few waiting and many waiting, beside reading and deleting plain rows."""

from __future__ import annotations

import time

from django.db import connection
from procrastinate.contrib.django import app

from akrab.cli.benches.measure import Result, Row, ratio
from akrab.platform.bulk import fetch
from akrab.platform.delivery import job
from akrab.platform.workers import worker_connector

COUNT = 1_000
WAITING = 100_000
QUEUE = "bench"
BEHIND = "bench_behind"
FLOOR = "taking and marking the same number of rows of a plain table, one transaction each"


@job(queue=QUEUE)
def do_nothing(number: int = 0) -> None:
    """What a benchmark puts into the queue."""


def queue() -> Result:
    """1,000 empty jobs through one worker with 2 at a time, alone and with 100,000 others waiting."""
    try:
        floor = _floor()
        alone = _run()
        _crowd(WAITING)
        crowded = _run()
    finally:
        _clear()
    return Result(
        "queue",
        FLOOR,
        [
            Row("plain rows", {"a second": round(COUNT / floor)}, 1.0),
            Row("jobs, nothing else waiting", {"a second": round(COUNT / alone)}, ratio(alone, floor), "≥ 300/s"),
            Row(
                f"jobs, {WAITING:,} others waiting behind them",
                {"a second": round(COUNT / crowded)},
                ratio(crowded, floor),
                "less than 10 % slower than alone",
            ),
        ],
    )


def _run() -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
            "SELECT %s, %s, jsonb_build_object('number', n) FROM generate_series(1, %s) AS n",
            [QUEUE, do_nothing.name, COUNT],
        )
    started = time.perf_counter()
    with app.replace_connector(worker_connector()) as working:
        working.run_worker(
            queues=[QUEUE],
            wait=False,
            concurrency=2,
            listen_notify=False,
            install_signal_handlers=False,
            delete_jobs="successful",
        )
    return time.perf_counter() - started


def _crowd(count: int) -> None:
    """Due jobs that come after ours: of lower priority, in a queue that this worker leaves alone.

    What their insertion leaves to do for the server is done before the clock runs.
    """
    fetch(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, priority) "
        "SELECT %s, %s, '{}', -1 FROM generate_series(1, %s)",
        [BEHIND, do_nothing.name, count],
    )
    fetch("VACUUM ANALYZE procrastinate_jobs, procrastinate_events")
    fetch("CHECKPOINT")


def _clear() -> None:
    queues = [QUEUE, BEHIND]
    fetch(
        "DELETE FROM procrastinate_events WHERE job_id IN (SELECT id FROM procrastinate_jobs WHERE queue_name = ANY(%s))",
        [queues],
    )
    fetch("DELETE FROM procrastinate_jobs WHERE queue_name = ANY(%s)", [queues])


def _floor() -> float:
    fetch("CREATE TABLE bench_rows AS SELECT n, false AS done FROM generate_series(1, %s) AS n", [COUNT])
    fetch("CREATE INDEX ON bench_rows (n) WHERE NOT done")
    started = time.perf_counter()
    for _ in range(COUNT):
        fetch(
            "UPDATE bench_rows SET done = true WHERE n = (SELECT n FROM bench_rows WHERE NOT done ORDER BY n LIMIT 1 "
            "FOR UPDATE SKIP LOCKED)"
        )
    spent = time.perf_counter() - started
    fetch("DROP TABLE bench_rows")
    return spent
