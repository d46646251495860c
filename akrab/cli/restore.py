"""`akrab restore FILE`: bring a backup back into this home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from akrab.cli.output import AsJson, print_json, progress
from akrab.cli.privacy import erase_again
from akrab.cli.session import session
from akrab.platform.archiving.restore import restore as bring_back
from akrab.platform.supervision import Home

app = typer.Typer()


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `akrab backup` wrote.", exists=True, dir_okay=False)],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace what this home holds now.")] = False,
    erased: Annotated[
        Path | None, typer.Option(help="The list of erased customers of another home; this home's own is read anyway.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Check a backup and put it in the place of this home's database, lake and files. Akrab must not be running."""
    home = Home(Path(settings.AKRAB_HOME))
    home.claim()
    try:
        progress.print(f"Checking and loading {file} …")
        about = bring_back(file.absolute(), force=force)
        with session():  # a backup of an older version is brought to this one
            again = erase_again(erased)
    finally:
        home.release()
    if json:
        print_json(
            {"file": file, "made_at": about["made_at"], "akrab": about["akrab"], "home": home.folder, "erased_again": again}
        )
    else:
        typer.echo(f"{home.folder} now holds the backup of {about['made_at']}.")
        if again:
            typer.echo(f"{again} customers who were erased since were erased again.")
