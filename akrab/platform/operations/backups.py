"""Remembering that a backup was made, for `akrab status` and the audit."""

from __future__ import annotations

from datetime import datetime

from akrab.platform.actor import Actor
from akrab.platform.backup_facts import BackupMade
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.models import Setting
from akrab.platform.operation import operation
from akrab.platform.queries.health import LAST_BACKUP


@operation(may="platform.make_backups")
def note_backup(*, by: Actor, at: datetime, file: str, size: int, sha256: str) -> BackupMade:
    """Record a finished backup."""
    value = {"at": at.isoformat(), "file": file, "bytes": size, "sha256": sha256}
    Setting.objects.update_or_create(name=LAST_BACKUP, defaults={"value": value})
    fact = BackupMade(backup_id=new_id(), at=at, file=file, size=size, sha256=sha256)
    record([fact], by=by)
    return fact
