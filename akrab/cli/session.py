"""What a command needs around it: a running database at the right version, and connections closed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, connections

from akrab.platform.actor import SYSTEM
from akrab.platform.database import embedded
from akrab.platform.database.binaries import DatabaseUnavailable
from akrab.platform.queries.health import pending_migrations


@contextmanager
def session(*, migrated: bool = True) -> Iterator[None]:
    """Run a block with the database of this home; one that this command started is stopped at the end."""
    with ExitStack() as stack:
        if not settings.DATABASE_URL:
            stack.enter_context(embedded.running(settings.AKRAB_HOME))
        stack.callback(connections.close_all)
        reach()
        if migrated:
            migrate()
        yield


def reach() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as problem:
        raise DatabaseUnavailable(f"The database cannot be reached: {problem}") from problem


def migrate() -> None:
    """Bring the tables to this version; one process at a time, the others wait."""
    if not pending_migrations(by=SYSTEM):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('akrab migrate'))")
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('akrab migrate'))")
