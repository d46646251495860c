"""Running an import from its file to its reconciled result."""

from __future__ import annotations

import json
import tempfile
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM, Actor
from akrab.platform.facts import record
from akrab.platform.filing import located, noted
from akrab.platform.importing.errorfile import SUFFIX, keep_errors, readable
from akrab.platform.importing.kinds import Kind, Preset, kind_named
from akrab.platform.importing.news import ImportFinished
from akrab.platform.importing.plans import (
    BadFile,
    Plan,
    complete,
    look,
    plan_from_columns,
    plan_from_names,
    plan_from_preset,
    refuse_open_questions,
)
from akrab.platform.importing.progress import Canceled, Progress
from akrab.platform.importing.session import Session, Unconfirmed
from akrab.platform.importing.spill import Spill
from akrab.platform.journal.entries import spanning
from akrab.platform.models import Import
from akrab.platform.operation import require
from akrab.platform.queries.imports import earlier_import
from akrab.platform.refusal import Refusal
from akrab.platform.tabular.sentences import Sentence, TabularError, gettext_noop
from akrab.platform.tabular.sheet import Sheet


def run_import(run: Import, *, by: Actor) -> Import:
    """Take the file of an import; raises a refusal, and notes it, when the file cannot be taken at all.

    Row errors never stop a file. Running the same file again, also after a crash, changes nothing twice.
    """
    kind = kind_named(run.kind)
    started = now()
    with tempfile.TemporaryDirectory(prefix="akrab-import-") as folder, Progress(run.pk) as progress:
        Import.objects.filter(pk=run.pk).update(status=Import.Status.RUNNING, started_at=started, problem="")
        try:
            require(by, "platform.run_imports")
            require(by, kind.may)
            with _journalled(run, kind, by=by):
                changes = _take(run, kind, Path(folder), progress, by=by, at=started)
        except Canceled:
            changes = {"status": Import.Status.CANCELED, **_counts(progress)}
        except Unconfirmed as refusal:
            fail_import(run, refusal.sentence, details={"ask": refusal.ask}, **_counts(progress))
            raise
        except Refusal as refusal:
            fail_import(run, refusal.sentence, **_counts(progress))
            raise
        except KeyboardInterrupt:
            _finish(run, {"status": Import.Status.CANCELED, **_counts(progress)})
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"[:2000]
            fail_import(run, Sentence(gettext_noop("Akrab failed: %(reason)s"), {"reason": reason}), **_counts(progress))
            raise
        _finish(run, changes)
    if run.status == Import.Status.DONE and not run.dry_run:
        _tell(run, by=by)
    return run


def _journalled(run: Import, kind: Kind, *, by: Actor) -> AbstractContextManager[object]:
    """All that a run changes is one entry of the journal, so that it can be undone."""
    if run.dry_run:
        return nullcontext()
    return spanning(
        by=by.through("import"),
        action="platform.import",
        may=kind.may,
        subject="import",
        subject_id=run.pk,
        label=run.file_name,
    )


def fail_import(run: Import, why: Sentence, **counts: Any) -> None:
    """Note why an import could not be run."""
    _finish(run, {"status": Import.Status.FAILED, "problem": json.dumps(why.to_json()), **counts})


def _tell(run: Import, *, by: Actor) -> None:
    assert run.finished_at
    with transaction.atomic():
        record(
            [
                ImportFinished(
                    import_id=run.pk,
                    finished_at=run.finished_at,
                    kind=run.kind,
                    file_name=run.file_name,
                    created=run.created,
                    updated=run.updated,
                    unchanged=run.unchanged,
                    skipped=run.skipped,
                    errors=run.errors,
                )
            ],
            by=by,
        )


def _finish(run: Import, changes: dict[str, Any]) -> None:
    changes |= {"finished_at": now(), "stage": ""}
    for name, value in changes.items():
        setattr(run, name, value)
    Import.objects.filter(pk=run.pk).update(**changes)


def _counts(progress: Progress) -> dict[str, Any]:
    return {"read_rows": progress.read, "done_rows": progress.done, "total_rows": progress.read, **progress.counts}


def _take(run: Import, kind: Kind, folder: Path, progress: Progress, *, by: Actor, at: datetime) -> dict[str, Any]:
    path, sheet, plan, preset = open_file(kind, run, folder)
    refuse_open_questions(plan, sheet)
    with Spill(folder) as spill:
        source = str(plan.settings.get("source") or run.preset or "import")
        session = Session(by.through("import"), at, path, sheet, plan, run.mode, source, spill, progress, run.dry_run)
        try:
            kind.take(session)
        except TabularError as problem:
            raise BadFile(problem) from problem
        errors = settings.FILES_ROOT / "imports" / f"{run.pk}-errors{SUFFIX}"
        for made_before in errors.parent.glob(f"{errors.stem}.*.csv"):
            made_before.unlink()
        written = keep_errors(session, errors)
        reasons = [reason.to_json() for reason in session.common_reasons()]
        problems = session.first_problems()
    return {
        "status": Import.Status.DONE,
        "preset": preset.name if preset else "",
        "mapping": {**plan.to_json(), "header": list(sheet.names)},
        "details": {
            **session.details,
            "blank": session.blank,
            "reasons": reasons,
            "problems": problems,
            "remarks": sorted(session.remarks, key=lambda one: one["row"]),
            "remarked": [remark.to_json() for remark in session.remarked.values()],
        },
        "error_file": noted(errors) if written else "",
        **_counts(progress),
    }


def open_file(kind: Kind, run: Import, folder: Path) -> tuple[Path, Sheet, Plan, Preset | None]:
    """The table of an import's file with the plan for it: preset, given mapping, or what the names say."""
    path = located(run.file_path)
    if not path.exists():
        raise BadFile(TabularError("no_file", gettext_noop("%(path)s does not exist."), path=str(path)))
    preset = kind.preset(run.preset) if run.preset else None
    if preset is not None and preset.narrow is not None:
        preset = preset.narrow(path) or preset
    if preset is not None and preset.prepare is not None:
        path = preset.prepare(path, folder)
    given = run.mapping or {}
    reading = {**(preset.reading if preset else {}), **given.get("reading", {})}
    sheet = look(path, reading)
    chosen = given.get("settings", {})
    if given.get("columns"):
        plan = complete(kind, Plan.from_json(given))
    elif given.get("names"):
        plan = plan_from_columns(kind, given["names"], sheet, chosen)
    elif preset is not None:
        plan = plan_from_preset(kind, preset, sheet, chosen)
    else:
        plan = plan_from_names(kind, sheet, chosen)
    return path, sheet, plan, preset


def result_of(run: Import) -> dict[str, Any]:
    """The reconciled figures of a finished import, as the command line and the API give them."""
    before = earlier_import(by=SYSTEM, run=run)
    return {
        "kind": run.kind,
        "file": run.file_name,
        "status": run.status,
        "dry_run": run.dry_run,
        "rows": run.created + run.updated + run.unchanged + run.skipped + run.errors,
        "created": run.created,
        "updated": run.updated,
        "unchanged": run.unchanged,
        "skipped": run.skipped,
        "errors": run.errors,
        "import_id": str(run.pk),
        "error_file": str(readable(located(run.error_file))) if run.error_file else None,
        "same_file_as": str(before.pk) if before else None,
        **{name: value for name, value in run.details.items() if name != "ask"},
        "reasons": run.reasons,
        "problems": run.problems,
        "remarks": run.remarks,
        "remarked": run.remarked,
    }
