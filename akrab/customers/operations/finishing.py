"""The end of an erasure, outside the database: files, lake, the list that survives a restore, the signature."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from akrab.customers.operations.erasing import complete_erasure, receipt_of
from akrab.customers.tables.privacy import Erasure
from akrab.platform.actor import Actor
from akrab.platform.lake.location import lake_root
from akrab.platform.lake.manifest import read_current

# Named, not imported: the web process loads the operations and must not load DuckDB.
UPDATE = "akrab.platform.lake.updating.update_lake"
ERASED_LIST = "erased.ndjson"


def erased_list() -> Path:
    """One line per erasure, in home and outside of backups: a restore reads it and erases again."""
    return Path(settings.AKRAB_HOME) / ERASED_LIST


def finish_erasures(*, by: Actor, at: datetime) -> int:
    """Finish every erasure that waits: delete files, rewrite the lake once for all, sign; safe to repeat."""
    waiting = list(Erasure.objects.filter(completed_at=None).order_by("at", "pk"))
    if not waiting:
        return 0
    for erasure in waiting:
        for path in erasure.doomed:
            Path(path).unlink(missing_ok=True)
    lake = rewrite_lake(at)
    for erasure in waiting:
        stores = [lake, {"store": "backups", "at": at.isoformat(), "removed": 0, "cleaned": 0, "kept": 0}]
        complete_erasure(by=by, erasure_id=erasure.pk, stores=stores, at=at)
        erasure.refresh_from_db()
        _list(erasure)
    return len(waiting)


def rewrite_lake(at: datetime) -> dict[str, Any]:
    """Write the months that an erasure touched again and drop every older file of them."""
    counts = {"removed": 0, "cleaned": 0, "kept": 0}
    if read_current(lake_root()) is not None:
        update = import_string(UPDATE)(lake_root(), at=at, forget=True)
        counts |= {"removed": update.removed, "cleaned": update.written}
    return {"store": "lake", "at": at.isoformat(), **counts}


def _list(erasure: Erasure) -> None:
    line = {
        **receipt_of(erasure),
        "signature": erasure.signature,
        "tombstones": [[one.kind, one.hash] for one in erasure.tombstones.filter(lifted_at=None).order_by("kind", "hash")],
    }
    path = erased_list()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as stream:
        stream.write(json.dumps(line) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
