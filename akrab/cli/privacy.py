"""`akrab privacy`: hand out or erase what is held on a customer; finish erasures outside the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from django.utils import timezone

from akrab.cli.output import AsJson, print_json
from akrab.cli.session import session
from akrab.customers.public import (
    erase_customer,
    erased_list,
    finish_erasures,
    hand_out,
    replay_erasures,
)
from akrab.platform.actor import SYSTEM, command_actor

app = typer.Typer(help="Hand out or erase what is held on a customer.")
Customer = Annotated[UUID, typer.Argument(help="The customer's id, as in the address of the profile.")]


@app.callback()
def privacy() -> None:
    """Hand out or erase what is held on a customer."""


@app.command()
def export(
    customer: Customer,
    file: Annotated[Path, typer.Argument(help="The ZIP to write.", dir_okay=False)],
    *,
    json: AsJson = False,
) -> None:
    """Write everything that every store holds on a customer: data.json and a page to read."""
    with session():
        content = hand_out(by=command_actor(), customer_id=customer, at=timezone.now())
    file.write_bytes(content)
    if json:
        print_json({"file": file, "bytes": len(content)})
    else:
        typer.echo(f"{file}: {len(content)} bytes")


@app.command()
def erase(
    customer: Customer,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; this cannot be undone.")] = False,
    json: AsJson = False,
) -> None:
    """Erase a customer from every store, files and lake included."""
    if not yes:
        typer.confirm(f"Erase {customer} for good?", abort=True, err=True)
    with session():
        fact = erase_customer(by=command_actor(), customer_id=customer, at=timezone.now())
        finish_erasures(by=command_actor(), at=timezone.now())
    if json:
        print_json({"customer": customer, "erasure": fact.erasure_id})
    else:
        typer.echo(f"Erased. The receipt is {fact.erasure_id}.")


@app.command()
def finish(*, json: AsJson = False) -> None:
    """Finish erasures that wait: delete files, rewrite the lake, sign the receipts."""
    with session():
        done = finish_erasures(by=SYSTEM, at=timezone.now())
    if json:
        print_json({"finished": done})
    else:
        typer.echo(f"Finished: {done}")


def erase_again(more: Path | None) -> int:
    """After a restore: erase whom the backup brought back; returns how many."""
    lines = [line for path in (erased_list(), more) if path and path.is_file() for line in path.read_text().splitlines()]
    if not lines:
        return 0
    back = replay_erasures(by=SYSTEM, lines=lines, at=timezone.now())
    finish_erasures(by=SYSTEM, at=timezone.now())
    return back
