"""What the installation says about itself: database, migrations, queue, parked facts, sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from akrab.platform.actor import Actor
from akrab.platform.models import Setting
from akrab.platform.operation import require

WORKER_ALIVE_SECONDS = 60
LAST_BACKUP = "last_backup"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be served, and which part cannot."""

    database: bool
    migrations: bool
    queue: bool

    @property
    def ready(self) -> bool:
        return self.database and self.migrations and self.queue


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs by state, workers that are alive, and how long the oldest due job has waited."""

    waiting: int
    running: int
    failed: int
    workers: int
    oldest_seconds: float


def readiness(*, by: Actor) -> Readiness:
    """Ask each part; a part that cannot be asked is not ready."""
    require(by, "platform.view_status")
    try:
        pending = pending_migrations(by=by)
        reachable = not pending and queue(by=by) is not None
    except DatabaseError:
        return Readiness(database=False, migrations=False, queue=False)
    return Readiness(database=True, migrations=not pending, queue=reachable)


def pending_migrations(*, by: Actor) -> list[str]:
    """Migrations that this version has and the database has not."""
    require(by, "platform.view_status")
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def queue(*, by: Actor) -> Queue:
    """The state of the job queue, from its own tables."""
    require(by, "platform.view_status")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
                   count(*) FILTER (WHERE status = 'failed'),
                   (SELECT count(*) FROM procrastinate_workers
                    WHERE last_heartbeat > now() - make_interval(secs => %s)),
                   coalesce(extract(epoch FROM now() - (
                       SELECT min(event.at) FROM procrastinate_events event
                       JOIN procrastinate_jobs job ON job.id = event.job_id
                       WHERE job.status = 'todo' AND event.type = 'deferred'
                         AND coalesce(job.scheduled_at, now()) <= now())), 0)
            FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')
            """,
            [WORKER_ALIVE_SECONDS],
        )
        waiting, running, failed, workers, oldest = cursor.fetchone()
    return Queue(waiting, running, failed, workers, float(oldest))


def parked_facts(*, by: Actor) -> int:
    """Facts that a listener could not take and that nobody has dealt with."""
    require(by, "platform.view_status")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM platform_parkedfact")
        return int(cursor.fetchone()[0])


def database_size(*, by: Actor) -> tuple[str, int]:
    """The server's version and the size of our database in bytes."""
    require(by, "platform.view_status")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
        return version, size


def last_backup(*, by: Actor) -> dict[str, Any] | None:
    """When and where the last backup was written, if ever."""
    require(by, "platform.view_status")
    row = Setting.objects.filter(name=LAST_BACKUP).values_list("value", flat=True).first()
    return dict(row) if row else None
