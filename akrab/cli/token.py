"""`akrab token create`: a key for a program, printed once."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils import timezone

from akrab.cli.output import AsJson, print_json
from akrab.cli.session import session
from akrab.platform.actor import command_actor
from akrab.platform.operations.tokens import create_token
from akrab.platform.queries.people import user_id_of

app = typer.Typer(help="Keys for programs.")


@app.callback()
def tokens() -> None:
    """Keys for programs."""


@app.command()
def create(
    *,
    email: Annotated[str, typer.Option(help="Whose key it is; it can do no more than this person.")],
    scope: Annotated[list[str] | None, typer.Option(help="Verb or pattern, such as commerce.*; repeat it.")] = None,
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    json: AsJson = False,
) -> None:
    """Make a key and print it; only its hash is kept."""
    with session():
        owner = user_id_of(by=command_actor(), email=email)
        secret, made = create_token(by=command_actor(), user_id=owner, at=timezone.now(), name=name, scopes=tuple(scope or ()))
    if json:
        print_json({"token": secret, "token_id": made.token_id, "email": email, "scopes": scope or []})
    else:
        typer.echo(secret)
