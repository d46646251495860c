"""`akrab web`: one web process, alone or under the supervisor."""

from __future__ import annotations

import socket
from typing import Annotated

import typer
import uvicorn

from akrab.platform.supervision import follow_parent, listen

app = typer.Typer()


@app.command()
def web(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    descriptor: Annotated[int, typer.Option("--fd", hidden=True)] = 0,
) -> None:
    """Serve pages, the API and live events."""
    follow_parent()
    listener = socket.socket(fileno=descriptor) if descriptor else listen(host, port)
    server = uvicorn.Server(
        uvicorn.Config(
            "akrab.config.asgi:application",
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            # open event streams never end by themselves
            timeout_graceful_shutdown=3,
        )
    )
    server.run(sockets=[listener])
