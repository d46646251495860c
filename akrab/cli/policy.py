"""`akrab policy explain`: the rule behind every yes and no."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from akrab.cli.output import AsJson, print_json
from akrab.cli.session import session
from akrab.platform.actor import command_actor
from akrab.platform.rights.explaining import explain

app = typer.Typer(help="Who may do what, and why.")


@app.callback()
def policy() -> None:
    """Who may do what, and why."""


@app.command(name="explain")
def explain_record(
    *,
    email: Annotated[str, typer.Option(help="Address of the person.")],
    kind: Annotated[str, typer.Option("--object", help="For example customers.customer or commerce.receipt.")],
    record: Annotated[UUID, typer.Option("--id", help="Id of the record.")],
    field: Annotated[str, typer.Option(help="Only this field.")] = "",
    json: AsJson = False,
) -> None:
    """Name the rule behind every yes and no, for one person and one record."""
    with session():
        found = explain(by=command_actor(), email=email, object=kind, record_id=record, field=field)
    if json:
        body = asdict(found)
        body["fields"] = [
            {"field": title, "access": access, "reason": reason, "rule_id": rule} for title, access, reason, rule in found.fields
        ]
        print_json(body)
        return
    typer.echo(f"{found.person} ({found.role}): {found.record}")
    for one in found.levels:
        typer.echo(f"  {one.level}: {'yes' if one.allowed else 'no'}. {one.reason}")
    for title, access, reason, _rule in found.fields:
        typer.echo(f"  {title}: {access}. {reason}")
