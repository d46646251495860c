"""`akrab user create`: give a person an account."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from akrab.cli.output import AsJson, print_json
from akrab.cli.session import session
from akrab.platform.actor import command_actor
from akrab.platform.operations.signing_in import make_sign_in_link
from akrab.platform.operations.users import create_user

app = typer.Typer(help="People who may sign in.")


@app.callback()
def users() -> None:
    """People who may sign in."""


@app.command()
def create(
    *,
    email: Annotated[str, typer.Option(help="Address to sign in with.")],
    role: Annotated[str, typer.Option(help="administrator, manager, staff, analyst or readonly.")],
    name: Annotated[str, typer.Option(help="Name shown to others.")] = "",
    password_stdin: Annotated[bool, typer.Option(help="Read the password from standard input.")] = False,
    json: AsJson = False,
) -> None:
    """Create an account; without a password a one-time sign-in link is printed."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    by, now = command_actor(), timezone.now()
    with session():
        made = create_user(
            by=by, email=email, role=role, at=now, name=name, password=password,
            language=settings.LANGUAGE_CODE, zone=settings.TIME_ZONE,
        )  # fmt: skip
        token = "" if password else make_sign_in_link(by=by, email=made.email, at=now)[0]
    path = reverse("platform:sign_in_link", args=[token]) if token else ""
    if json:
        print_json({"user_id": made.user_id, "email": made.email, "role": made.role, "sign_in_path": path})
    else:
        typer.echo(f"{made.email}: {made.role}{', ' + settings.PUBLIC_URL.rstrip('/') + path if path else ''}")
