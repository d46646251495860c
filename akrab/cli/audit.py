"""`akrab audit verify`: compute the chain of the audit again."""

from __future__ import annotations

import typer
from django.utils.translation import gettext as _

from akrab.cli.output import AsJson, print_json
from akrab.cli.session import session
from akrab.platform.actor import SYSTEM, command_actor
from akrab.platform.operations.auditing import chain_everything
from akrab.platform.queries.audit import verify_audit

app = typer.Typer(no_args_is_help=True)


@app.callback()
def audit() -> None:
    """The audit: sign-ins, rights, keys, exports and undone changes, chained by their hashes."""


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Say whether the audit is whole, or the first broken place; exit code 1 when it is broken."""
    with session():
        chain_everything(by=SYSTEM)
        verdict = verify_audit(by=command_actor())
    if as_json:
        print_json(
            {
                "ok": verdict.is_whole,
                "links": verdict.links,
                "head": verdict.head,
                "broken_at": verdict.broken_at,
                "reason": verdict.reason,
            }
        )
    elif verdict.is_whole:
        typer.echo(_("The audit is whole: %(links)s links, last hash %(head)s") % {"links": verdict.links, "head": verdict.head})
    else:
        said = _("The audit is broken at link %(place)s (%(reason)s).")
        typer.echo(said % {"place": verdict.broken_at, "reason": verdict.reason}, err=True)
    if not verdict.is_whole:
        raise typer.Exit(1)
