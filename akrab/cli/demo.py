"""`akrab demo load`: fill an empty home with a believable company."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from akrab.cli.output import AsJson, print_json, progress
from akrab.cli.session import session
from akrab.cli.steps import Steps
from akrab.commerce.seeds.catalog import COMPANY
from akrab.commerce.seeds.loading import Loaded, holds_receipts, load_company, loaded_before
from akrab.commerce.seeds.scale import Scale, scale
from akrab.insight.public import refresh_insight
from akrab.platform.actor import command_actor
from akrab.platform.importing.settling import finish_follow_up, follow_up_left

app = typer.Typer(help="The demo company: an invented coffee roaster with three branches and a web shop.")


@app.callback()
def _demo() -> None:
    """Keeps `load` a word of its own."""


@app.command()
def load(
    customers: Annotated[int | None, typer.Option(min=50, help="How many customers; 5,000 when unset.")] = None,
    years: Annotated[int | None, typer.Option(min=1, max=10, help="How many years of history; 2 when unset.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed makes the same company; 1 when unset.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Last day; yesterday when unset.")] = None,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing where receipts are already.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load the demo company into an empty home. Loading it again changes nothing."""
    last = date.fromisoformat(until) if until else None
    with session():
        if if_empty and holds_receipts():
            return
        done = load_demo(customers=customers, years=years, seed=seed, until=last)
    if as_json:
        print_json(done)
    else:
        said = _("%(company)s: %(customers)s customers, %(receipts)s receipts, %(lines)s lines in %(seconds)s s.")
        typer.echo(said % done)


def load_demo(
    *, customers: int | None = None, years: int | None = None, seed: int | None = None, until: date | None = None
) -> dict[str, Any]:
    """Make the demo company, let its follow-up run and bring insight up to date; what is unset is as in this home."""
    size = _size(customers, years, seed, until)
    started = monotonic()
    by = command_actor()
    with Steps(progress) as steps:
        task = steps.begin(_("Receipts"), size.days)

        def told(loaded: Loaded) -> None:
            said = _("%(count)s receipts") % {"count": f"{loaded.receipts:,}"}
            steps.reach(task, loaded.day, said)

        loaded = load_company(by=by, size=size, told=told)
        received = monotonic() - started
        steps.reach(task, size.days)
        jobs = max(follow_up_left(), 1)
        after = steps.begin(_("Purchase figures"), jobs)
        finish_follow_up(told=lambda left: steps.reach(after, max(jobs - left, 0)))
        steps.reach(after, jobs)
        reports = steps.begin(_("Reports"), 1)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        refresh_insight(by=by, at=datetime.now(UTC), as_of=size.last)
        steps.reach(reports, 1)
    return {
        "company": COMPANY,
        "customers": size.customers,
        "receipts": loaded.receipts,
        "lines": loaded.lines,
        "created": loaded.created,
        "updated": loaded.updated,
        "unchanged": loaded.unchanged,
        "errors": loaded.errors,
        "first": size.first.isoformat(),
        "last": size.last.isoformat(),
        "seed": size.seed,
        "intake_seconds": round(received, 1),
        "seconds": round(monotonic() - started, 1),
    }


def _size(customers: int | None, years: int | None, seed: int | None, until: date | None) -> Scale:
    before = loaded_before()
    if before and not any((customers, years, seed, until)):
        return Scale(
            int(before["customers"]),
            int(before["seed"]),
            date.fromisoformat(before["first"]),
            date.fromisoformat(before["last"]),
        )
    yesterday = datetime.now(ZoneInfo(settings.TIME_ZONE)).date() - timedelta(days=1)
    return scale(customers=customers or 5000, years=years or 2, seed=1 if seed is None else seed, until=until or yesterday)
