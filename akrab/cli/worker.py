"""`akrab worker`: one worker process, alone or under the supervisor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import structlog
import typer
from django.conf import settings
from django.db import OperationalError, close_old_connections, connection
from procrastinate import JobContext
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager

from akrab.cli.session import session
from akrab.platform.delivery import HEARTBEAT, STALLED_AFTER
from akrab.platform.jobs import give_back
from akrab.platform.supervision import follow_parent, is_supervised
from akrab.platform.workers import worker_connector

app = typer.Typer()
log = structlog.get_logger("akrab.worker")

DATABASE_WAIT = 60.0
GRACE = 8.0
LOOK_FOR_STALLED_EVERY = 5.0


@app.command()
def worker() -> None:
    """Run jobs: what follows from facts, imports, and what happens on the clock."""
    follow_parent()
    if is_supervised():
        wait_for_database()
        work()
    else:
        with session():
            work()


def wait_for_database() -> None:
    deadline = time.monotonic() + DATABASE_WAIT
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
        else:
            connection.close()
            return


def work() -> None:
    connector = worker_connector()
    with queue.replace_connector(connector) as ready:
        asyncio.run(serve(ready))


async def serve(ready: Any) -> None:
    concurrency = settings.WORKER_CONCURRENCY
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(concurrency, thread_name_prefix="job"))
    async with ready.open_async():
        if is_supervised() and not settings.DATABASE_URL:
            # nobody else works on an embedded database: whatever is "doing" belonged to a worker that died
            await give_back(ready.job_manager, idle_seconds=0)
        rescue = asyncio.create_task(keep_giving_back(ready.job_manager))
        try:
            await ready.run_worker_async(
                concurrency=concurrency,
                delete_jobs="successful",
                shutdown_graceful_timeout=GRACE,
                task_middleware=[with_fresh_connection],
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=HEARTBEAT,
            )
        finally:
            rescue.cancel()


async def keep_giving_back(manager: JobManager) -> None:
    """Jobs of other workers, such as a command that was killed, must not wait for the clock's next minute."""
    while True:
        await asyncio.sleep(LOOK_FOR_STALLED_EVERY)
        with suppress(ConnectorException):
            await give_back(manager, idle_seconds=STALLED_AFTER)


def with_fresh_connection(proceed: Callable[[], Any], context: JobContext, worker: Any) -> Any:
    """A job that follows a database crash must not get the broken connection of its thread."""
    close_old_connections()
    with structlog.contextvars.bound_contextvars(job=context.job.id, task=context.job.task_name):
        begun = time.perf_counter()
        try:
            return proceed()
        finally:
            log.info("job", milliseconds=round((time.perf_counter() - begun) * 1000))
            close_old_connections()
