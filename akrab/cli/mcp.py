"""`akrab mcp`: the tools of agents over standard input and output (Model Context Protocol)."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from akrab.cli.session import session
from akrab.platform.agents.calling import agent_of
from akrab.platform.agents.serving import serve

app = typer.Typer()


@app.command()
def mcp(
    email: Annotated[str, typer.Option(help="Whose agent it is; it sees no more than this person.")] = "",
) -> None:
    """Serve an agent of one person until its input ends. With AKRAB_TOKEN set, the key names the person and the scopes."""
    token = os.environ.get("AKRAB_TOKEN", "")
    if not email and not token:
        raise typer.BadParameter("Name the person with --email, or set AKRAB_TOKEN to an API key.")
    with session():
        agent_of(email=email, token=token)
        serve(lambda: agent_of(email=email, token=token))
