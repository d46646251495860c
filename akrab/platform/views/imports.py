"""Imports: upload a file, decide how it is read, check it, run it, see what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import cast
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.filing import located
from akrab.platform.forms import UploadForm
from akrab.platform.ids import new_id
from akrab.platform.importing.choosing import chosen, desk_of
from akrab.platform.importing.errorfile import readable
from akrab.platform.importing.kinds import kind_named, load_kinds
from akrab.platform.importing.remembering import remembered
from akrab.platform.jobs import run_queued_import, undo_queued_import
from akrab.platform.models import Import
from akrab.platform.operation import require
from akrab.platform.operations.imports import (
    cancel_import,
    choose_plan,
    copy_import,
    note_import,
    queue_import,
    resume_import,
)
from akrab.platform.operations.undoing import Undone, undo_import
from akrab.platform.queries.imports import earlier_import, get_import, recent_imports
from akrab.platform.queries.journal import doing_of_import, left_of
from akrab.platform.refusal import NotFound, Refusal
from akrab.platform.views.changes import in_words
from akrab.platform.views.leftovers import left_in_words
from akrab.platform.web import Request, fragment, page, redirect, toast

UNDONE_AT_ONCE = 2_000
LEFT_SHOWN = 3


def index(request: Request) -> HttpResponse:
    return page(request, "platform/imports.html", imports=_recent(request), form=UploadForm())


def _recent(request: Request) -> list[tuple[Import, str]]:
    """The latest imports, each with what its rows are."""
    labels = {kind.name: str(kind.label) for kind in load_kinds().values()}
    return [(run, labels.get(run.kind, run.kind)) for run in recent_imports(by=request.actor)]


def create(request: Request) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        path = _keep(file)
        try:
            run = note_import(
                by=request.actor,
                kind=form.cleaned_data["kind"],
                preset=form.cleaned_data["preset"],
                path=path,
                mapping={"settings": kind_named(form.cleaned_data["kind"]).on_page()},
                file_name=file.name or path.name,
            )
            if not run.preset and (known := remembered(run)):
                run = choose_plan(by=request.actor, import_id=run.pk, mapping=known, mode=run.mode)
                toast(request, _("Its columns are those of an earlier import, whose choices are filled in."), tone="info")
            desk_of(run, by=request.actor)
        except Refusal as refusal:
            path.unlink(missing_ok=True)
            form.add_error("file", str(refusal))
        else:
            return redirect(request, "platform:import", run.pk)
    return page(request, "platform/imports.html", status=422, imports=_recent(request), form=form)


def _keep(file: UploadedFile[bytes]) -> Path:
    folder = settings.FILES_ROOT / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / f"{new_id()}{Path(file.name or '').suffix.lower()[:12]}"
    with path.open("wb") as out:
        for block in file.chunks(1 << 20):
            out.write(block)
    return path


def show(request: Request, import_id: UUID) -> HttpResponse:
    run = get_import(by=request.actor, import_id=import_id)
    if run.status == Import.Status.DRAFT:
        return page(
            request, "platform/import_draft.html", run=run, desk=desk_of(run, by=request.actor), before=_before(request, run)
        )
    doing = doing_of_import(by=request.actor, import_id=import_id)
    return page(
        request, "platform/import.html", part="platform.import-progress", run=run, before=_before(request, run), doing=doing
    )


def _before(request: Request, run: Import) -> Import | None:
    return earlier_import(by=request.actor, run=run)


def update(request: Request, import_id: UUID) -> HttpResponse:
    """Keep the choices; then show what they mean, check the file, or start, as the pressed button says."""
    run = get_import(by=request.actor, import_id=import_id)
    mapping = chosen(run, request.POST.dict())
    run = choose_plan(by=request.actor, import_id=import_id, mapping=mapping, mode=request.POST.get("mode", "upsert"))
    wanted = request.POST.get("then", "")
    desk = desk_of(run, by=request.actor)
    if wanted in {"check", "start"} and desk.is_ready:
        _queue(request, run, dry_run=wanted == "check")
        return redirect(request, "platform:import", import_id)
    status = 422 if wanted else 200
    return page(request, "platform/import_draft.html", status=status, run=run, desk=desk, before=_before(request, run))


def _queue(request: Request, run: Import, *, dry_run: bool) -> None:
    with transaction.atomic():
        queue_import(by=request.actor, import_id=run.pk, dry_run=dry_run, at=now())
        run_queued_import.defer(import_id=str(run.pk), user_id=request.actor.id)


def progress(request: Request, import_id: UUID) -> HttpResponse:
    run = get_import(by=request.actor, import_id=import_id)
    doing = doing_of_import(by=request.actor, import_id=import_id)
    return fragment(request, "platform.import-progress", run=run, doing=doing)


def repeat(request: Request, import_id: UUID) -> HttpResponse:
    """A new draft from this import; after a check it can start at once."""
    said = {name.removeprefix("setting."): value for name, value in request.POST.items() if name.startswith("setting.")}
    run = copy_import(by=request.actor, import_id=import_id, settings={name: str(value) for name, value in said.items()})
    if request.POST.get("then") == "start":
        _queue(request, run, dry_run=False)
    return redirect(request, "platform:import", run.pk)


def cancel(request: Request, import_id: UUID) -> HttpResponse:
    cancel_import(by=request.actor, import_id=import_id, at=now())
    toast(request, _("The import stops at its next step."), tone="info")
    return redirect(request, "platform:import", import_id)


def resume(request: Request, import_id: UUID) -> HttpResponse:
    """Run an import again whose process ended before it did."""
    with transaction.atomic():
        resume_import(by=request.actor, import_id=import_id, at=now())
        run_queued_import.defer(import_id=str(import_id), user_id=request.actor.id)
    return redirect(request, "platform:import", import_id)


def undo(request: Request, import_id: UUID) -> HttpResponse:
    """Take an import back; a large one in the background."""
    run = get_import(by=request.actor, import_id=import_id)
    if run.created + run.updated > UNDONE_AT_ONCE:
        undo_queued_import.defer(import_id=str(import_id), user_id=request.actor.id)
        toast(request, _("The import is being undone in the background; this page shows when it is done."), tone="info")
        return redirect(request, "platform:import", import_id)
    done = undo_import(by=request.actor, import_id=import_id, at=now())
    said = " ".join([in_words(done), *_left(request, done)])
    toast(request, said, tone="warning" if done.left else "success")
    return redirect(request, "platform:import", import_id)


def _left(request: Request, done: Undone) -> list[str]:
    """What stays as it is, and why."""
    if not done.left:
        return []
    said = left_in_words(left_of(by=request.actor, entry_id=done.entry_id, limit=LEFT_SHOWN + 1))
    return [*said[:LEFT_SHOWN], *(["…"] if len(said) > LEFT_SHOWN else [])]


def errors(request: Request, import_id: UUID) -> HttpResponse:
    """The rows that could not be taken, with their reasons, as a download."""
    run = get_import(by=request.actor, import_id=import_id)
    require(request.actor, kind_named(run.kind).may)
    path = located(run.error_file)
    if not run.error_file or not path.exists():
        raise NotFound
    name = f"{Path(run.file_name).stem}-errors.csv"
    download = FileResponse(readable(path).open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
    return cast(HttpResponse, download)
