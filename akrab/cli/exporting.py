"""`akrab export KIND FILE`: write customers, receipts or products to a file."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from akrab.cli.output import AsJson, print_json
from akrab.cli.session import session
from akrab.customers.public import DUPLICATE_ROWS
from akrab.platform.actor import command_actor
from akrab.platform.exporting import write_export
from akrab.platform.importing.kinds import exported_kind
from akrab.platform.queries.saved_views import view_named

app = typer.Typer()


@app.command()
def export_file(
    kind: Annotated[str, typer.Argument(help="What to write: customers, receipts, products or duplicates.")],
    file: Annotated[Path, typer.Argument(help="The file; .csv, .tsv, .ndjson or .parquet says the format.")],
    filters: Annotated[list[str] | None, typer.Option("--filter", help="NAME=VALUE; repeat for more.")] = None,
    view: Annotated[str, typer.Option("--view", help="Name or id of a saved view: only what it shows.")] = "",
    as_json: AsJson = False,
) -> None:
    """Stream to a file, with the number of rows and the SHA-256 of what was written."""
    pairs = [one.partition("=") for one in filters or []]
    started = monotonic()
    with session():
        by = command_actor()
        query = view_named(by=by, object=kind, name=view).query if view else None
        done = write_export(
            by=by,
            export=DUPLICATE_ROWS if kind == "duplicates" else exported_kind(kind),
            path=file.absolute(),
            filters={name: value for name, _sign, value in pairs},
            name=kind,
            query=query,
        )
    figures = {"rows": done.rows, "bytes": done.bytes, "sha256": done.sha256, "file": str(file)}
    if as_json:
        print_json({**figures, "seconds": round(monotonic() - started, 2)})
    else:
        typer.echo(_("%(rows)s rows, %(bytes)s bytes, sha256 %(sha256)s") % figures)
