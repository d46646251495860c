"""What the kernel does while nobody is watching: give back the jobs of workers that died, forget old answers."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.timezone import now
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from akrab.platform.actor import SYSTEM
from akrab.platform.customizing import working as fields_at_work  # noqa: F401
from akrab.platform.delivery import STALLED_AFTER, every, job
from akrab.platform.hooks import working as working
from akrab.platform.importing.running import fail_import, run_import
from akrab.platform.listing.bulk import CHANGES
from akrab.platform.middleware import actor_of
from akrab.platform.models import BulkRun, Import, User
from akrab.platform.operations.auditing import chain_everything
from akrab.platform.operations.forgetting import forget_idempotency_keys
from akrab.platform.operations.pruning_journal import prune_journal
from akrab.platform.operations.sessions import forget_ended_sessions
from akrab.platform.operations.undoing import undo_entry, undo_import
from akrab.platform.refusal import Refusal
from akrab.platform.signing import mailing as mailing
from akrab.platform.tabular.sentences import Sentence, gettext_noop

# a job that was running each time a worker died is likely to be the reason
DEATHS_OF_A_JOB = 10
ANSWERS_KEPT = timedelta(days=90)
GONE = gettext_noop("%(name)s may no longer sign in, so this import was not run. Someone else can start it.")


@app.periodic(cron="* * * * *")
@app.task(name="platform.retry_stalled_jobs", queue="clock", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    await give_back(context.app.job_manager, idle_seconds=STALLED_AFTER)


async def give_back(manager: JobManager, *, idle_seconds: float) -> None:
    """Queue the jobs of workers without a sign of life again; fail those that keep losing theirs."""
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=idle_seconds):
        if stalled.attempts >= DEATHS_OF_A_JOB:
            await manager.finish_job(stalled, status=Status.FAILED, delete_job=False)
        else:
            await manager.retry_job(stalled)


@every("40 18 * * *")
def forget_old_answers(at: datetime) -> None:
    """Idempotency keys work for 90 days."""
    forget_idempotency_keys(by=SYSTEM, before=at - ANSWERS_KEPT)


@every("* * * * *")
def chain_audited_facts(at: datetime) -> None:
    """Each minute: what concerns security becomes links of the audit."""
    chain_everything(by=SYSTEM)


@every("50 18 * * *")
def prune_old_journal(at: datetime) -> None:
    """Before- and after-images are kept for two years."""
    prune_journal(by=SYSTEM, at=at)


@job()
def undo_queued_entry(entry_id: str, user_id: str) -> None:
    """Take back a large entry for the person who asked; when it ran already, nothing happens."""
    with suppress(Refusal):
        undo_entry(by=actor_of(User.objects.get(pk=user_id)), entry_id=UUID(entry_id), at=now())


@job()
def undo_queued_import(import_id: str, user_id: str) -> None:
    """Take back a large import for the person who asked."""
    with suppress(Refusal):
        undo_import(by=actor_of(User.objects.get(pk=user_id)), import_id=UUID(import_id), at=now())


@every("50 18 * * *")
def forget_old_sessions(at: datetime) -> None:
    """Sessions last two weeks; what is over is cleared away once a day."""
    forget_ended_sessions(by=SYSTEM, before=at)


@job()
def run_queued_import(import_id: str, user_id: str) -> None:
    """Check or import a file for the person who asked; after a crash it runs again and changes nothing twice."""
    run = Import.objects.get(pk=import_id)
    if run.status not in {Import.Status.QUEUED, Import.Status.RUNNING}:
        return
    user = User.objects.filter(pk=user_id).first()
    if user is None or not user.is_active:
        fail_import(run, Sentence(GONE, {"name": str(user or run.by_label)}))
        return
    with suppress(Refusal):
        run_import(run, by=actor_of(user))


@job()
def run_queued_bulk(run_id: str, user_id: str) -> None:
    """Make a change of many for the person who asked; after a crash it goes on behind the last finished part."""
    run = BulkRun.objects.get(pk=run_id)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None and run.is_running:
        CHANGES[run.object](run, actor_of(user))
