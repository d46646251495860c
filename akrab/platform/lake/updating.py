"""Brings the lake up to date with PostgreSQL: only months that changed are written again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection, transaction

from akrab.platform.lake import manifest
from akrab.platform.lake.declaration import Declared, declared, fingerprint
from akrab.platform.lake.exporting import Export
from akrab.platform.lake.manifest import Snapshot
from akrab.platform.lake.pruning import KEPT, prune
from akrab.platform.lake.source import open_source
from akrab.platform.later import Later

if TYPE_CHECKING:
    import duckdb
else:
    duckdb = Later("duckdb")

LOCK = 0x616B726C
MEMORY = "1GB"


@dataclass(frozen=True, slots=True)
class LakeUpdate:
    """What an update did: files written and kept in the new snapshot, and old files removed."""

    snapshot: Snapshot
    written: int
    kept: int
    removed: int


def update_lake(
    root: Path, *, at: datetime, rebuild: bool = False, datasets: Sequence[Declared] | None = None, forget: bool = False
) -> LakeUpdate:
    """Export what changed since the last snapshot (or everything) and flip the manifest.

    With `forget` no older snapshot stays, as an erasure demands. One update runs at a time; another waits for it. A
    killed update leaves the old snapshot as it was.
    """
    chosen = declared() if datasets is None else datasets
    mark = fingerprint(chosen, duckdb.__version__)
    root.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time():
        before = manifest.read_current(root)
        base = before if before and before.declaration == mark and not rebuild else None
        with _engine() as con, open_source(con) as source:
            export = Export(con, source, root, base)
            for each in chosen:
                export.add(each)
        after = export.snapshot((before.number if before else 0) + 1, at, mark)
        manifest.commit(root, after)
        return LakeUpdate(after, export.written, export.kept, prune(root, 1 if forget else KEPT))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Wait for the lock; it ends with the transaction, so a killed process never keeps it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


@contextmanager
def _engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with (
        tempfile.TemporaryDirectory(prefix="akrab-lake-") as scratch,
        duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": scratch, "threads": 2}) as con,
    ):
        yield con
