"""Undo: rows a second that the undoing of a customer import restores and removes, beside a plain UPDATE and DELETE."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction

from akrab.cli.benches.measure import Result, Row, ratio
from akrab.platform.actor import command_actor
from akrab.platform.bulk import fetch
from akrab.platform.importing.plans import given_plan
from akrab.platform.importing.running import run_import
from akrab.platform.models import Import
from akrab.platform.operations.imports import note_import
from akrab.platform.operations.undoing import undo_import

COUNT = 20_000
FLOOR = "UPDATE and DELETE of the same rows by key, their constraints checked"
_NEW = "SELECT id FROM customers_customer WHERE changed_xid = pg_current_xact_id()::text::bigint"


class _Undo(Exception):
    """Ends the trial; everything that it wrote is rolled back."""


def undo() -> Result:
    """20,000 customers of a file that an import creates and a second one changes; rolled back, so commits are not in it."""
    spent: dict[str, float] = {}
    try:
        with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
            fetch("SET LOCAL statement_timeout = 0")
            first, spent["import"] = _timed(lambda: _import(Path(folder) / "first.csv", "Solo"))
            second, _seconds = _timed(lambda: _import(Path(folder) / "second.csv", "Medan"))
            spent["restored"] = _timed(lambda: _take_back(second))[1]
            spent["removed"] = _timed(lambda: _take_back(first))[1]
            _import(Path(folder) / "third.csv", "Solo")
            spent["UPDATE"] = _timed(_update)[1]
            spent["DELETE"] = _timed(_delete)[1]
            raise _Undo
    except _Undo:
        pass
    return Result(
        "undo",
        FLOOR,
        [
            _row("updated rows restored", spent["restored"], spent["UPDATE"], "≥ 5,000/s"),
            _row("created rows removed, with two identifiers each", spent["removed"], spent["DELETE"], "≥ 5,000/s"),
            _row("UPDATE", spent["UPDATE"], spent["UPDATE"]),
            _row("DELETE", spent["DELETE"], spent["DELETE"]),
            _row("the import itself, journal included", spent["import"], None),
        ],
    )


def _import(path: Path, city: str) -> Import:
    with path.open("w", encoding="utf-8") as out:
        out.write("name,phone,email,city\n")
        for number in range(COUNT):
            out.write(f"Bench {number},08990{number:07d},bench.{number}@example.com,{city}\n")
    by = command_actor()
    return run_import(note_import(by=by, kind="customers", path=path, mapping=given_plan({}, {})), by=by)


def _take_back(run: Import) -> None:
    done = undo_import(by=command_actor(), import_id=run.pk, at=datetime.now(UTC))
    assert done.left == 0
    _settle()


def _update() -> None:
    fetch(f"UPDATE customers_customer SET city = 'Medan', version = version + 1 WHERE id IN ({_NEW})")
    _settle()


def _delete() -> None:
    fetch(f"DELETE FROM customers_identifier WHERE customer_id IN ({_NEW})")
    fetch(f"DELETE FROM customers_customer WHERE id IN ({_NEW})")
    _settle()


def _settle() -> None:
    """Check now what a commit would check."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _timed(work: Callable[[], Import | None]) -> tuple[Import, float]:
    begun = time.perf_counter()
    made = work()
    return made or Import(), time.perf_counter() - begun


def _row(name: str, seconds: float, floor: float | None, aim: str = "") -> Row:
    figures: dict[str, float | int | str] = {"rows/s": round(COUNT / seconds), "µs each": round(seconds / COUNT * 1e6)}
    return Row(name, figures, ratio(seconds, floor) if floor else None, aim)
