"""Finishing what an import left to listeners, when no worker runs beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from akrab.platform.bulk import fetch
from akrab.platform.delivery import HEARTBEAT
from akrab.platform.jobs import give_back
from akrab.platform.supervision import Home
from akrab.platform.workers import worker_connector

LOOK = 2.0
Told = Callable[[int], None]


def finish_follow_up(told: Told | None = None) -> None:
    """Run the queued listeners until none is left; a worker that runs at the same time shares the work.

    `told` hears now and then how many are left.
    """
    connector = worker_connector()
    with app.replace_connector(connector) as working:
        asyncio.run(_finish(working, told))


def follow_up_left() -> int:
    """How many queued listeners have not ended."""
    rows = fetch("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'facts' AND status IN ('todo', 'doing')", [])
    return int(rows[0][0])


async def _finish(working: Any, told: Told | None) -> None:
    async with working.open_async():
        if _alone():
            # an import that was killed left its jobs marked as running
            await give_back(working.job_manager, idle_seconds=0)
        watching = asyncio.create_task(_watch(told)) if told else None
        await working.run_worker_async(
            queues=["facts"], wait=False, listen_notify=False, install_signal_handlers=False,
            delete_jobs="successful", update_heartbeat_interval=HEARTBEAT,
        )  # fmt: skip
        if watching:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


async def _watch(told: Told) -> None:
    while True:
        await asyncio.sleep(LOOK)
        told(await asyncio.to_thread(_left))


def _left() -> int:
    try:
        return follow_up_left()
    finally:
        connection.close()


def _alone() -> bool:
    return not settings.DATABASE_URL and not Home(Path(settings.AKRAB_HOME)).running()
