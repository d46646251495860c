"""`akrab backup FILE`: everything in one file, while people work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from akrab.cli.output import AsJson, print_json, progress
from akrab.cli.session import session
from akrab.platform.actor import command_actor
from akrab.platform.archiving.backup import back_up

app = typer.Typer()


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write, for example akrab-2026-11-22.tar or .tar.gz.")],
    *,
    json: AsJson = False,
) -> None:
    """Write database, lake and files into one file; the signing key goes into FILE.keys beside it."""
    progress.print(f"Writing {file} …")
    with session():
        made = back_up(by=command_actor(), target=file, at=timezone.now())
    if json:
        print_json({"file": made.file, "keys": made.keys, "bytes": made.size, "sha256": made.sha256})
    else:
        typer.echo(f"{made.file}: {made.size:,} bytes, SHA-256 {made.sha256}")
        if made.keys:
            typer.echo(f"{made.keys}: the signing key; keep it in another place.")
