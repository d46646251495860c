"""`akrab import KIND FILE`: take a file and print figures that add up to its rows; `akrab import undo ID` takes it back."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from django.db import connection
from django.utils.timezone import now
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from akrab.cli.output import AsJson, print_json
from akrab.cli.session import session
from akrab.platform.actor import command_actor
from akrab.platform.importing.plans import given_plan
from akrab.platform.importing.running import result_of, run_import
from akrab.platform.importing.settling import finish_follow_up
from akrab.platform.models import Import
from akrab.platform.operations.imports import MODES, note_import
from akrab.platform.operations.undoing import undo_import
from akrab.platform.refusal import Refusal

_POLL = 0.5

app = typer.Typer()


@app.command()
def import_file(
    kind: Annotated[str, typer.Argument(help="What the rows are: receipts, products or customers; or: undo.")],
    file: Annotated[
        Path,
        typer.Argument(help="CSV, TSV, XLSX, ODS, NDJSON, Parquet or vCard; a folder for olist. After undo: the import's id."),
    ],
    preset: Annotated[str, typer.Option(help="A known layout: online-retail, olist, cdnow.")] = "",
    mapping: Annotated[Path | None, typer.Option(help="JSON file with columns, settings and reading.")] = None,
    answers: Annotated[
        list[str] | None, typer.Option("--set", help="NAME=VALUE, a setting or an answer; repeat for more.")
    ] = None,
    mode: Annotated[str, typer.Option(help="create, update or upsert.")] = "upsert",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, keep nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import a file. Rows that cannot be taken go to an error file and never stop the others.

    akrab import undo ID takes back what an import created and changed, within 30 days.
    """
    if kind == "undo":
        _undo(str(file), as_json=as_json)
        return
    if mode not in MODES:
        raise typer.BadParameter(", ".join(MODES), param_hint="--mode")
    plan = _plan(mapping, answers or [])
    try:
        with session():
            result = _run(kind, file, preset, plan, mode, dry_run)
    except Refusal as refusal:
        if as_json:
            print_json({"error": refusal.code, "detail": str(refusal)})
        raise
    if as_json:
        print_json(result)
    else:
        typer.echo(_in_words(result))


def _run(kind: str, file: Path, preset: str, plan: dict[str, Any], mode: str, dry_run: bool) -> dict[str, Any]:
    actor = command_actor()
    run = note_import(by=actor, kind=kind, path=file.absolute(), preset=preset, mapping=plan, mode=mode, dry_run=dry_run)
    with _Bar(run):
        run_import(run, by=actor)
    if not dry_run:
        typer.echo(_("Finishing follow-up work…"), err=True)
        finish_follow_up()
    return result_of(run)


def _undo(import_id: str, *, as_json: bool) -> None:
    try:
        run = UUID(import_id)
    except ValueError as problem:
        raise typer.BadParameter(_("This is not the id of an import."), param_hint="ID") from problem
    try:
        with session():
            done = undo_import(by=command_actor(), import_id=run, at=now())
            typer.echo(_("Finishing follow-up work…"), err=True)
            finish_follow_up()
    except Refusal as refusal:
        if as_json:
            print_json({"error": refusal.code, "detail": str(refusal)})
        raise
    counts = {"restored": done.restored, "removed": done.removed, "brought_back": done.brought_back, "left": done.left}
    if as_json:
        print_json({"import_id": import_id, "entry_id": str(done.entry_id), **counts})
        return
    labels = {
        "restored": _("Restored"), "removed": _("Removed"), "brought_back": _("Brought back"), "left": _("Left as it is"),
    }  # fmt: skip
    typer.echo("\n".join(f"{label:<14}{counts[name]:>12,}" for name, label in labels.items()))


def _plan(mapping: Path | None, answers: list[str]) -> dict[str, Any]:
    try:
        given = json.loads(mapping.read_text("utf-8")) if mapping else {}
        pairs = [answer.split("=", 1) for answer in answers]
        return given_plan(given, dict(pairs))
    except (OSError, ValueError, AttributeError) as problem:
        raise typer.BadParameter(str(problem), param_hint="--mapping / --set") from problem


def _in_words(result: dict[str, Any]) -> str:
    would = result["dry_run"]
    labels = {
        "rows": _("Rows"),
        "created": _("Would be created") if would else _("Created"),
        "updated": _("Would be updated") if would else _("Updated"),
        "unchanged": _("Unchanged"),
        "skipped": _("Skipped"),
        "errors": _("Errors"),
    }
    lines = [f"{label:<20}{result[name]:>12,}" for name, label in labels.items()]
    lines += _news_in_words(result.get("new", {}), dry_run=result["dry_run"])
    for one in result["remarked"]:
        lines.append(_reason_in_words(one))
    if result["dry_run"]:
        lines.append(_("Dry run: nothing was kept."))
    if result["same_file_as"]:
        lines.append(_("The same file was imported before (%(id)s).") % {"id": result["same_file_as"]})
    if result["error_file"]:
        lines.append(_("Rows with errors: %(path)s") % {"path": result["error_file"]})
        lines += map(_reason_in_words, result["reasons"][:5])
    return "\n".join(lines)


def _news_in_words(new: dict[str, Any], *, dry_run: bool) -> list[str]:
    lines = []
    if new.get("branches"):
        said = _("Branches that would be opened: %(codes)s") if dry_run else _("Branches opened: %(codes)s")
        lines.append(said % {"codes": ", ".join(new["branches"])})
    if new.get("products") or new.get("customers"):
        said = _("New products: %(products)s, new customers: %(customers)s")
        lines.append(said % {"products": f"{new['products']:,}", "customers": f"{new['customers']:,}"})
    return lines


def _reason_in_words(one: dict[str, Any]) -> str:
    place = _("row %(row)s, column %(column)s") if one["column"] else _("row %(row)s")
    said = f"{one['reason']} ({place % {'row': one['row'], 'column': one['column']}})"
    return f"  {one['rows']:>8,}  {said}"


class _Bar:
    """Shows the progress of an import on stderr while another thread works."""

    def __init__(self, run: Import) -> None:
        self._run = run
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._console = Console(stderr=True)

    def __enter__(self) -> None:
        if self._console.is_terminal:
            self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True) as bar:
            task = bar.add_task(_("Reading"), total=None)
            while not self._stop.wait(_POLL):
                run = Import.objects.get(pk=self._run.pk)
                taking = run.stage == "taking"
                bar.update(
                    task,
                    description=(_("Checking") if self._run.dry_run else _("Taking")) if taking else _("Reading"),
                    total=run.total_rows,
                    completed=run.done_rows if taking else run.read_rows,
                )
        connection.close()
