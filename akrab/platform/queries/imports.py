"""Imports and how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.importing.progress import working
from akrab.platform.models import Import
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound

_SHOWN = 50


def recent_imports(*, by: Actor) -> list[Import]:
    """The latest imports, newest first."""
    require(by, "platform.run_imports")
    return _seen(list(Import.objects.order_by("-created_at", "-pk")[:_SHOWN]))


def list_imports(*, by: Actor, after: Sequence[Any] = (), limit: int = 50) -> tuple[list[Import], list[Any] | None]:
    """Imports after a place, newest first, and the place of the next ones."""
    require(by, "platform.run_imports")
    runs = Import.objects.order_by("-id")
    found = list((runs.filter(pk__lt=UUID(after[0])) if after else runs)[: limit + 1])
    return _seen(found[:limit]), [str(found[limit - 1].pk)] if len(found) > limit else None


def get_import(*, by: Actor, import_id: UUID) -> Import:
    require(by, "platform.run_imports")
    run = Import.objects.filter(pk=import_id).first()
    if run is None:
        raise NotFound
    return _seen([run])[0]


def _seen(runs: list[Import]) -> list[Import]:
    """An import that is noted as running while nobody works on it is shown as stopped."""
    running = [run for run in runs if run.status == Import.Status.RUNNING]
    alive = working([run.pk for run in running])
    for run in running:
        if run.pk not in alive:
            run.status = Import.STOPPED
    return runs


def earlier_import(*, by: Actor, run: Import) -> Import | None:
    """The latest finished import of the same file, if there is one."""
    require(by, "platform.run_imports")
    same = Import.objects.filter(kind=run.kind, digest=run.digest, status=Import.Status.DONE, dry_run=False)
    return same.exclude(pk=run.pk).order_by("-created_at").first()
