"""`akrab insight`: bring analytics up to date, and print a report."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from django.conf import settings
from django.utils.translation import gettext
from rich.console import Console
from rich.table import Table

from akrab.cli.output import AsJson
from akrab.cli.session import session
from akrab.insight.public import as_json, get_report, plain_report, refresh_insight
from akrab.platform.actor import command_actor
from akrab.platform.clock import business_date

app = typer.Typer(help="Analytics: bring lake, reports and scores up to date; print a report.", no_args_is_help=True)

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Day of the report, by itself today.")]
Engine = Annotated[str | None, typer.Option(metavar="URL", help="duckdb:// or spark://host:port.")]


class Format(StrEnum):
    """How a report is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@app.command()
def refresh(
    as_of: AsOf = None,
    engine: Engine = None,
    only: Annotated[list[str] | None, typer.Option(help="Only this report (or: traits); may be repeated.")] = None,
    rebuild: Annotated[bool, typer.Option(help="Write the whole lake again.")] = False,
    json_: AsJson = False,
) -> None:
    """Update the lake, prepare the reports of the pages, and write scores to customers."""
    day = _day(as_of)
    with session():
        done = refresh_insight(
            by=command_actor(), at=datetime.now(UTC), as_of=day, engine=engine, rebuild=rebuild, only=only or ()
        )
    if json_:
        body = {name: getattr(done, name) for name in asdict(done)}
        print(as_json({name: value if isinstance(value, int) else str(value) for name, value in body.items()}))
        return
    print(
        gettext("Snapshot %(snapshot)s as of %(as_of)s: %(written)s files written, %(kept)s kept.")
        % {"snapshot": done.snapshot, "as_of": done.as_of, "written": done.files_written, "kept": done.files_kept}
    )
    print(
        gettext("%(reports)s reports prepared, scores of %(customers)s customers written (%(engine)s).")
        % {"reports": done.reports, "customers": done.customers, "engine": done.engine}
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Name of a metric, see docs/metrics.md; for example rfm or retention.")],
    as_of: AsOf = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TABLE,
    engine: Engine = None,
    chosen: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter.")] = None,
) -> None:
    """Print a report of the current snapshot of the lake."""
    parameters = dict(_pair(word) for word in chosen or ())
    # The lake needs no database; a report can be read while everything else is down.
    report = get_report(by=command_actor(), name=name, as_of=_day(as_of), engine=engine, parameters=parameters)
    body = plain_report(report)
    if format_ is Format.JSON:
        print(as_json(body))
    elif format_ is Format.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerow([column.name for column in report.columns])
        writer.writerows([["" if value is None else value for value in row.values()] for row in body["rows"]])
    else:
        _print_table(report.title, [column.label for column in report.columns], body)


def _print_table(title: str, labels: list[str], body: dict[str, Any]) -> None:
    table = Table(title=f"{gettext(title)} · {body['as_of']} · {body['currency']}")
    for label in labels:
        table.add_column(gettext(label))
    for row in body["rows"]:
        table.add_row(*[_shown(value) for value in row.values()])
    console = Console()
    console.print(table)
    rule = body.pop("rule")
    console.print({name: _shown(value) for name, value in body.items() if name != "rows"})
    console.print(gettext(rule))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def _day(text: str | None) -> date:
    if text is None:
        return business_date(datetime.now(UTC), settings.TIME_ZONE)
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise typer.BadParameter(gettext("%(text)s is not a date like 2026-01-31.") % {"text": text}) from problem


def _pair(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals:
        raise typer.BadParameter(gettext("%(word)s is not NAME=VALUE.") % {"word": word})
    return name, value
