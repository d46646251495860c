"""Taking a job from the queue costs the same however many wait, and respects priorities, times, queues and locks."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from akrab.platform.bulk import fetch
from akrab.platform.workers import worker_connector

pytestmark = pytest.mark.django_db

LATER = datetime.now(UTC) + timedelta(days=1)


def test_a_burst_after_an_empty_queue_is_looked_through_at_most_once_for_each_job_taken() -> None:
    """With statistics of an empty queue, a plan that compares waiting jobs with each other would read 500 times as much."""
    fetch("ANALYZE procrastinate_jobs")
    queue_jobs(count=500)
    before = rows_read()

    taken = [take() for _ in range(3)]

    assert len(set(taken)) == 3
    assert rows_read() - before <= 3 * 500 + 100


def test_the_higher_priority_comes_first_then_the_older_job() -> None:
    low = queue_job(priority=0)
    high = queue_job(priority=5)
    higher_later = queue_job(priority=5)

    assert [take(), take(), take(), take()] == [high, higher_later, low, None]


def test_a_job_of_another_queue_or_of_later_is_left() -> None:
    queue_job(queue="other")
    queue_job(scheduled_at=LATER)

    assert take() is None


def test_jobs_with_one_lock_run_one_at_a_time_in_their_order() -> None:
    first = queue_job(lock="ledger")
    second = queue_job(lock="ledger")
    free = queue_job()

    assert [take(), take(), take()] == [first, free, None]
    fetch("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [first])
    assert take() == second


def test_the_worker_hears_what_is_announced_while_it_waits() -> None:
    with ThreadPoolExecutor(1) as thread:
        heard = thread.submit(asyncio.run, hear()).result(timeout=20)

    assert heard == "a job"


async def hear() -> str:
    """What the worker's listening connection hears of what its other one says."""
    connector, heard = worker_connector(), asyncio.Queue[str]()

    async def note(*, channel: str, payload: str) -> None:
        heard.put_nowait(payload)

    await connector.open_async()
    listening = asyncio.create_task(connector.listen_notify(note, ["akrab_test"]))
    try:
        while heard.empty() and not listening.done():
            await connector.execute_query_async("SELECT pg_notify('akrab_test', 'a job')")
            await asyncio.sleep(0.05)
        return heard.get_nowait()
    finally:
        listening.cancel()
        await connector.close_async()


def queue_job(*, queue: str = "here", priority: int = 0, lock: str | None = None, scheduled_at: datetime | None = None) -> int:
    made = fetch(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, priority, lock, scheduled_at) "
        "VALUES (%s, 'nothing', '{}', %s, %s, %s) RETURNING id",
        [queue, priority, lock, scheduled_at],
    )
    return int(made[0][0])


def queue_jobs(*, count: int) -> None:
    fetch(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) SELECT 'here', 'nothing', '{}' FROM generate_series(1, %s)",
        [count],
    )


def take() -> int | None:
    worker = fetch("SELECT worker_id FROM procrastinate_register_worker_v1()")[0][0]
    found: int | None = fetch("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['here'], %s)", [worker])[0][0]
    return found


def rows_read() -> int:
    read = fetch("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'procrastinate_jobs'")
    return int(read[0][0])
