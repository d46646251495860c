"""`akrab duplicates scan`: compare all customers and fill the queue of those who look like one."""

from __future__ import annotations

from time import monotonic
from typing import Annotated

import typer
from django.utils import timezone

from akrab.cli.output import AsJson, print_json
from akrab.cli.session import session
from akrab.customers.public import scan_duplicates
from akrab.platform.actor import command_actor

app = typer.Typer(help="Find customers who look like one.")


@app.callback()
def duplicates() -> None:
    """Find customers who look like one."""


@app.command()
def scan(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would change.")] = False,
    review_from: Annotated[float | None, typer.Option(help="Show pairs from this many bits on; with --dry-run.")] = None,
    sure_from: Annotated[float | None, typer.Option(help="Count pairs as sure from this many bits on; with --dry-run.")] = None,
    json: AsJson = False,
) -> None:
    """Compare all customers with each other; people decide in the queue."""
    if (review_from is not None or sure_from is not None) and not dry_run:
        raise typer.BadParameter("Other limits can be tried with --dry-run; the rules page sets them for good.")
    started = monotonic()
    with session():
        done, dropped = scan_duplicates(
            by=command_actor(), at=timezone.now(), dry_run=dry_run, review_from=review_from, sure_from=sure_from
        )
    figures = {**done.plain(), "seconds": round(monotonic() - started, 2)}
    if json:
        print_json(figures)
        return
    for name, value in figures.items():
        typer.echo(f"{name.replace('_', ' ')}: {value}")
    for one in dropped[:10]:
        typer.echo(f"not compared, {one.records} customers share it: {one.block}", err=True)
