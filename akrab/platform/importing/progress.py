"""Progress of a running import, written through its own connection so that others see it while it works."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext_lazy as _

from akrab.platform.bulk import fetch
from akrab.platform.facts import CHANNEL
from akrab.platform.refusal import Refusal

EVERY = 0.5
LOCK = 7330001
_WORKING = """
SELECT id FROM unnest(%s::uuid[]) AS run(id) WHERE EXISTS (
    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s AND objsubid = 2
        AND objid::bigint = hashtext(id::text)::bigint & 4294967295
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
"""


class Canceled(Exception):
    """The person asked to stop."""


class StillRunning(Refusal):
    code = "import_running"
    message = _("This import is running; wait for its end, or stop it first.")


class Progress:
    """Counts of one import, written about twice a second; a tick raises `Canceled` when that was asked for.

    Holds a lock of the import while it lives, so that an import whose process died can be told from one that runs.
    """

    def __init__(self, import_id: UUID) -> None:
        self.import_id = import_id
        self.stage = ""
        self.read = 0
        self.done = 0
        self.total: int | None = None
        self.counts = {"created": 0, "updated": 0, "unchanged": 0, "skipped": 0, "errors": 0}
        self._last = 0.0
        self._connection = connections.create_connection(DEFAULT_DB_ALIAS)

    def __enter__(self) -> Self:
        [(alone,)] = self._run("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK, str(self.import_id)])
        if not alone:
            self._connection.close()
            raise StillRunning
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    def tick(self, *, force: bool = False) -> None:
        moment = time.monotonic()
        if not force and moment - self._last < EVERY:
            return
        self._last = moment
        rows = self._run(
            "UPDATE platform_import SET stage = %s, read_rows = %s, done_rows = %s, total_rows = %s, created = %s, "
            "updated = %s, unchanged = %s, skipped = %s, errors = %s WHERE id = %s RETURNING cancel_asked",
            [self.stage, self.read, self.done, self.total, *self.counts.values(), self.import_id],
        )
        self._run("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"facts": ["platform.import_progressed"]})])
        if rows and rows[0][0]:
            raise Canceled

    def _run(self, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())


def runs(import_id: UUID) -> bool:
    """Whether a process works on an import right now."""
    return bool(working([import_id]))


def working(ids: Sequence[UUID]) -> set[UUID]:
    """Those of the imports on which a process works right now; one that ended, however it did, holds no lock."""
    return {row[0] for row in fetch(_WORKING, [list(ids), LOCK])} if ids else set()
