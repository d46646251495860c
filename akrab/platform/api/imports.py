"""Imports over the API: how far each one is, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from typing_extensions import TypedDict

from akrab.platform.api.lists import Cursor, Limit, listed, read_cursor
from akrab.platform.api.replies import reply
from akrab.platform.models import Import
from akrab.platform.queries.imports import get_import, list_imports

router = Router(tags=["imports"])


class ImportRun(TypedDict):
    """One run of an import; created, updated, unchanged, skipped and errors add up to the rows that are done."""

    id: UUID
    kind: str
    file_name: str
    preset: str
    mode: str
    dry_run: bool
    status: Literal["draft", "queued", "running", "stopped", "done", "failed", "canceled"]
    percent: int | None
    rows: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    errors: int
    problem: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class ImportPage(TypedDict):
    items: list[ImportRun]
    next: str | None


@router.get("/imports", response=ImportPage, summary="List imports")
def index(request: Any, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Imports, newest first."""
    runs, following = list_imports(by=request.actor, after=read_cursor("imports", cursor), limit=limit)
    return reply(listed([import_out(run) for run in runs], "imports", following))


@router.get("/imports/{uuid:import_id}", response=ImportRun, summary="Read an import")
def show(request: Any, import_id: UUID) -> HttpResponse:
    """How far an import is."""
    return reply(import_out(get_import(by=request.actor, import_id=import_id)))


def import_out(run: Import) -> dict[str, Any]:
    names = (
        "id",
        "kind",
        "file_name",
        "preset",
        "mode",
        "dry_run",
        "status",
        "percent",
        "created",
        "updated",
        "unchanged",
        "skipped",
        "errors",
        "created_at",
        "started_at",
        "finished_at",
    )
    return {name: getattr(run, name) for name in names} | {"rows": run.done_rows, "problem": run.why}
