"""Finishing what an import left to listeners, when no worker runs beside it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app

from akrab.platform.delivery import HEARTBEAT
from akrab.platform.jobs import give_back
from akrab.platform.supervision import Home
from akrab.platform.workers import worker_connector


def finish_follow_up() -> None:
    """Run the queued listeners until none is left; a worker that runs at the same time shares the work."""
    connector = worker_connector()
    with app.replace_connector(connector) as working:
        asyncio.run(_finish(working))


async def _finish(working: Any) -> None:
    async with working.open_async():
        if _alone():
            # an import that was killed left its jobs marked as running
            await give_back(working.job_manager, idle_seconds=0)
        await working.run_worker_async(
            queues=["facts"], wait=False, listen_notify=False, install_signal_handlers=False,
            delete_jobs="successful", update_heartbeat_interval=HEARTBEAT,
        )  # fmt: skip


def _alone() -> bool:
    return not settings.DATABASE_URL and not Home(Path(settings.AKRAB_HOME)).running()
