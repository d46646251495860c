"""`akrab user`: give a person an account, take away a lost second factor."""

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
from akrab.platform.operations.second_factors import reset_two_factor
from akrab.platform.operations.signing_in import make_sign_in_link
from akrab.platform.operations.users import create_user
from akrab.platform.queries.people import user_id_of

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


@app.command(name="reset-two-factor")
def reset(*, email: Annotated[str, typer.Option(help="Address of the person.")], json: AsJson = False) -> None:
    """Take app, passkeys and recovery codes away from somebody who lost them, and sign them out everywhere."""
    by = command_actor()
    with session():
        fact = reset_two_factor(by=by, user_id=user_id_of(by=by, email=email), at=timezone.now())
    if json:
        print_json({"user_id": fact.user_id, "email": email.strip().lower(), "change": fact.change})
    else:
        typer.echo(f"{email.strip().lower()}: second factor reset")
