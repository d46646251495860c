"""Imports as people handle them: upload, choose, queue, cancel, try again.

Whoever handles an import may also do what its rows do: each operation asks for the verb of its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.filing import noted
from akrab.platform.importing.digests import digest_of
from akrab.platform.importing.kinds import kind_named
from akrab.platform.importing.news import ImportCanceled, ImportQueued
from akrab.platform.importing.progress import StillRunning, runs
from akrab.platform.models import Import
from akrab.platform.operation import operation, require
from akrab.platform.refusal import NotFound, Refusal

MODES = ("create", "update", "upsert")


class UnknownMode(Refusal):
    code = "unknown_mode"
    status = 422
    message = _("There is no mode %(mode)s. Use one of: %(modes)s.")


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
    _check(mode)
    return Import.objects.create(
        kind=kind,
        file_name=(file_name or path.name)[:255],
        file_path=noted(path),
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
    run = _lock(import_id, Import.Status.DRAFT, by=by)
    _check(mode)
    run.mapping, run.mode = dict(mapping), mode
    run.save(update_fields=["mapping", "mode"])
    return run


@operation(may="platform.run_imports")
def queue_import(*, by: Actor, import_id: UUID, dry_run: bool, at: datetime) -> ImportQueued:
    """Let the worker check a draft (dry run) or import it."""
    run = _lock(import_id, Import.Status.DRAFT, by=by)
    run.status, run.dry_run = Import.Status.QUEUED, dry_run
    run.save(update_fields=["status", "dry_run"])
    fact = ImportQueued(import_id=run.pk, queued_at=at, kind=run.kind, file_name=run.file_name, dry_run=dry_run)
    record([fact], by=by)
    return fact


@operation(may="platform.run_imports")
def copy_import(*, by: Actor, import_id: UUID, settings: Mapping[str, str] | None = None) -> Import:
    """A new draft with the file and the choices of an import, to change them or to run it again.

    `settings` are chosen over those of the import.
    """
    run = _lock(import_id, by=by)
    return Import.objects.create(
        kind=run.kind,
        file_name=run.file_name,
        file_path=run.file_path,
        digest=run.digest,
        preset=run.preset,
        mapping={**run.mapping, "settings": {**run.mapping.get("settings", {}), **(settings or {})}},
        mode=run.mode,
        by_id=by.id,
        by_label=by.label,
    )


@operation(may="platform.run_imports")
def cancel_import(*, by: Actor, import_id: UUID, at: datetime) -> ImportCanceled:
    """Ask a waiting or running import to stop at its next step; what was taken until then stays."""
    run = _lock(import_id, by=by)
    if run.status in {Import.Status.QUEUED, Import.Status.RUNNING}:
        run.cancel_asked = True
        if not runs(import_id):
            run.status, run.finished_at = Import.Status.CANCELED, at
        run.save(update_fields=["cancel_asked", "status", "finished_at"])
    fact = ImportCanceled(import_id=run.pk, canceled_at=at, kind=run.kind, file_name=run.file_name)
    record([fact], by=by)
    return fact


@operation(may="platform.run_imports")
def resume_import(*, by: Actor, import_id: UUID, at: datetime) -> ImportQueued:
    """Queue an import again whose process ended before it did; what was taken before is found unchanged."""
    run = _lock(import_id, Import.Status.RUNNING, by=by)
    if runs(import_id):
        raise StillRunning
    run.status, run.cancel_asked = Import.Status.QUEUED, False
    run.save(update_fields=["status", "cancel_asked"])
    fact = ImportQueued(import_id=run.pk, queued_at=at, kind=run.kind, file_name=run.file_name, dry_run=run.dry_run)
    record([fact], by=by)
    return fact


def _lock(import_id: UUID, status: str = "", *, by: Actor) -> Import:
    found = Import.objects.select_for_update().filter(pk=import_id)
    run = (found.filter(status=status) if status else found).first()
    if run is None:
        raise NotFound
    require(by, kind_named(run.kind).may)
    return run


def _check(mode: str) -> None:
    if mode not in MODES:
        raise UnknownMode(mode=mode, modes=", ".join(MODES))
