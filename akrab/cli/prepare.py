"""`akrab prepare`: database, migrations, folders, and the first administrator with a one-time sign-in link."""

from __future__ import annotations

import typer
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from akrab.cli.output import AsJson, print_json, progress
from akrab.cli.session import session
from akrab.platform.actor import command_actor
from akrab.platform.operations.signing_in import make_sign_in_link
from akrab.platform.operations.users import create_user
from akrab.platform.queries.people import first_administrator

app = typer.Typer()

FIRST_ADMINISTRATOR = "admin@localhost"


@app.command()
def prepare(*, json: AsJson = False) -> None:
    """Make what is missing and say how to sign in; safe to repeat."""
    progress.print("Preparing the database …")
    with session():
        for folder in (settings.STATIC_ROOT, settings.FILES_ROOT):
            folder.mkdir(parents=True, exist_ok=True)
        email = administrator()
        token, _made = make_sign_in_link(by=command_actor(), email=email, at=timezone.now())
    path = reverse("platform:sign_in_link", args=[token])
    if json:
        print_json({"email": email, "path": path})
    else:
        typer.echo(f"{email}: {path}")


def administrator() -> str:
    """The address of the first active administrator, made if there is none."""
    known = first_administrator(by=command_actor())
    if known:
        return known
    create_user(
        by=command_actor(), email=FIRST_ADMINISTRATOR, role="administrator", at=timezone.now(), name="Administrator",
        language=settings.LANGUAGE_CODE, zone=settings.TIME_ZONE,
    )  # fmt: skip
    return FIRST_ADMINISTRATOR
