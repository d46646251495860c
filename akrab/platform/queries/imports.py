"""Imports and how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.importing.progress import working
from akrab.platform.models import Import
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound

_SHOWN = 50
_TAKEN_BACK = """
WITH RECURSIVE chain(import, id, step) AS (
    SELECT subject_id, id, 0 FROM platform_journalentry WHERE subject = 'import' AND subject_id = ANY(%s) AND depth = 0
    UNION ALL SELECT chain.import, undo.id, step + 1 FROM chain JOIN platform_journalentry undo ON undo.undoes_id = chain.id
)
SELECT import FROM chain GROUP BY import HAVING max(step) %% 2 = 1
"""


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
    """An import that is noted as running while nobody works on it is shown as stopped, one that was undone as taken back."""
    gone = _taken_back(runs)
    running = [run for run in runs if run.status == Import.Status.RUNNING]
    alive = working([run.pk for run in running])
    for run in running:
        if run.pk not in alive:
            run.status = Import.STOPPED
    for run in runs:
        run.is_taken_back = run.pk in gone
    return runs


def _taken_back(runs: Sequence[Import]) -> set[UUID]:
    """Those whose changes are undone now; doing one again brings it back."""
    return {row[0] for row in fetch(_TAKEN_BACK, [[run.pk for run in runs]])} if runs else set()


def earlier_import(*, by: Actor, run: Import) -> Import | None:
    """The latest finished import of the same file that was not taken back, if there is one."""
    require(by, "platform.run_imports")
    same = Import.objects.filter(kind=run.kind, digest=run.digest, status=Import.Status.DONE, dry_run=False)
    found = list(same.exclude(pk=run.pk).order_by("-created_at")[:_SHOWN])
    gone = _taken_back(found)
    return next((one for one in found if one.pk not in gone), None)
