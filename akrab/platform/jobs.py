"""What the kernel does while nobody is watching: give back the jobs of workers that died."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from akrab.platform.delivery import STALLED_AFTER


@app.periodic(cron="* * * * *")
@app.task(name="platform.retry_stalled_jobs", queue="clock", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await manager.retry_job(job)
