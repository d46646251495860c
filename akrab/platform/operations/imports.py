"""Imports as people handle them: upload, choose, queue, cancel, try again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.importing.digests import digest_of
from akrab.platform.importing.kinds import kind_named
from akrab.platform.importing.news import ImportCanceled, ImportQueued
from akrab.platform.models import Import
from akrab.platform.operation import operation, require
from akrab.platform.refusal import NotFound

MODES = ("create", "update", "upsert")


@operation(may="platform.run_imports")
def note_import(
    *,
    by: Actor,
    kind: str,
    path: Path,
    preset: str = "",
    mapping: Mapping[str, Any] | None = None,
    mode: str = "upsert",
    dry_run: bool = False,
    file_name: str = "",
) -> Import:
    """Note a file that is to be imported; nothing of it is read yet but its digest."""
    require(by, kind_named(kind).may)
    return Import.objects.create(
        kind=kind,
        file_name=(file_name or path.name)[:255],
        file_path=str(path),
        digest=digest_of(path),
        preset=preset,
        mapping=dict(mapping or {}),
        mode=mode,
        dry_run=dry_run,
        by_id=by.id,
        by_label=by.label,
    )


@operation(may="platform.run_imports")
def choose_plan(*, by: Actor, import_id: UUID, mapping: Mapping[str, Any], mode: str) -> Import:
    """Keep the chosen columns, settings and answers of a draft."""
    run = _lock(import_id, Import.Status.DRAFT)
    run.mapping, run.mode = dict(mapping), mode
    run.save(update_fields=["mapping", "mode"])
    return run


@operation(may="platform.run_imports")
def queue_import(*, by: Actor, import_id: UUID, dry_run: bool, at: datetime) -> ImportQueued:
    """Let the worker check a draft (dry run) or import it."""
    run = _lock(import_id, Import.Status.DRAFT)
    run.status, run.dry_run = Import.Status.QUEUED, dry_run
    run.save(update_fields=["status", "dry_run"])
    fact = ImportQueued(import_id=run.pk, queued_at=at, kind=run.kind, file_name=run.file_name, dry_run=dry_run)
    record([fact], by=by)
    return fact


@operation(may="platform.run_imports")
def copy_import(*, by: Actor, import_id: UUID) -> Import:
    """A new draft with the file and the choices of an import, to change them or to run it again."""
    run = Import.objects.filter(pk=import_id).first()
    if run is None:
        raise NotFound
    return Import.objects.create(
        kind=run.kind,
        file_name=run.file_name,
        file_path=run.file_path,
        digest=run.digest,
        preset=run.preset,
        mapping=run.mapping,
        mode=run.mode,
        by_id=by.id,
        by_label=by.label,
    )


@operation(may="platform.run_imports")
def cancel_import(*, by: Actor, import_id: UUID, at: datetime) -> ImportCanceled:
    """Ask a waiting or running import to stop at its next step; what was taken until then stays."""
    run = Import.objects.filter(pk=import_id).first()
    if run is None:
        raise NotFound
    Import.objects.filter(pk=import_id, status__in=["queued", "running"]).update(cancel_asked=True)
    Import.objects.filter(pk=import_id, status="queued").update(status=Import.Status.CANCELED, finished_at=at)
    fact = ImportCanceled(import_id=run.pk, canceled_at=at, kind=run.kind, file_name=run.file_name)
    record([fact], by=by)
    return fact


def _lock(import_id: UUID, status: str) -> Import:
    run = Import.objects.select_for_update().filter(pk=import_id, status=status).first()
    if run is None:
        raise NotFound
    return run
