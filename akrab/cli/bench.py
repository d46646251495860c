"""`akrab bench`: measure this installation, each figure beside a floor measured in the same run."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import psutil
import typer
from django.db import connection
from django.utils.translation import gettext_lazy as _
from rich.table import Table

from akrab.cli.benches.api import api
from akrab.cli.benches.intake import intake
from akrab.cli.benches.lake import lake
from akrab.cli.benches.linking import linking
from akrab.cli.benches.measure import Result, Row, size
from akrab.cli.benches.memory import memory
from akrab.cli.benches.metrics import metrics
from akrab.cli.benches.pages import list_pages, profile, search
from akrab.cli.benches.queue import queue
from akrab.cli.benches.report import Machine, Run, written
from akrab.cli.benches.undo import undo
from akrab.cli.output import AsJson, print_json, progress
from akrab.cli.session import session
from akrab.platform.bulk import fetch
from akrab.platform.refusal import Refusal

app = typer.Typer()

BENCHES: dict[str, Callable[[], Result]] = {
    "intake": intake,
    "list": list_pages,
    "search": search,
    "profile": profile,
    "api": api,
    "lake": lake,
    "metrics": metrics,
    "queue": queue,
    "memory": memory,
    "undo": undo,
    "duplicates": linking,
}
ON_CUSTOMERS = {"list", "search", "profile", "api", "lake", "metrics"}
WRITTEN_TO = Path("docs/benchmarks.md")


class NothingToMeasure(Refusal):
    code = "nothing_to_measure"
    message = _("There is nothing to measure yet. Run `akrab demo load` first, or import receipts.")


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="all, or one of: " + ", ".join(BENCHES))] = "all",
    write: Annotated[bool, typer.Option("--write", help=f"Write the results into {WRITTEN_TO}.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure this installation on the data it holds. Nothing that is measured stays in it."""
    if name != "all" and name not in BENCHES:
        raise typer.BadParameter(", ".join(("all", *BENCHES)), param_hint="name")
    with session():
        run = Run(machine(), size(), datetime.now(UTC))
        for each in BENCHES if name == "all" else [name]:
            progress.print(f"{each} …")
            if each in ON_CUSTOMERS and not fetch("SELECT 1 FROM customers_customer LIMIT 1", []):
                raise NothingToMeasure
            result = BENCHES[each]()
            run.results.append(result)
            if not as_json:
                show(result)
    if write:
        WRITTEN_TO.parent.mkdir(exist_ok=True)
        WRITTEN_TO.write_text(written(run, before=WRITTEN_TO.read_text() if WRITTEN_TO.exists() else ""))
    if as_json:
        print_json(run.plain())


def machine() -> Machine:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = str(cursor.fetchone()[0])
    names = ("akrab", "django", "psycopg", "duckdb", "procrastinate")
    return Machine(
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gib=round(psutil.virtual_memory().total / 2**30),
        processor=processor(),
        system=f"{platform.system()} {platform.release()}",
        versions={"Python": platform.python_version(), "PostgreSQL": server, **{one: version(one) for one in names}},
        load=os.getloadavg()[0],
    )


def processor() -> str:
    info = Path("/proc/cpuinfo")
    if sys.platform == "linux" and info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def show(result: Result) -> None:
    columns = list(dict.fromkeys(title for row in result.rows for title in row.figures))
    table = Table(title=f"{result.name} (floor: {result.floor})", title_justify="left")
    for title in ("", *columns, "ratio", "aim"):
        table.add_column(title, justify="left" if title in {"", "aim"} else "right")
    for row in result.rows:
        table.add_row(row.name, *(_text(row, title) for title in columns), str(row.ratio or ""), row.aim)
    progress.print(table)


def _text(row: Row, title: str) -> str:
    value: Any = row.figures.get(title, "")
    return f"{value:,}" if isinstance(value, int | float) else value
