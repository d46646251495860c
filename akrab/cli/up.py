"""`akrab up`: prepare what is missing, then run database, web and worker until Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Annotated
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import typer
from django.conf import settings
from rich.console import Console

from akrab.cli.output import progress
from akrab.platform import logs
from akrab.platform.database.cluster import of_home
from akrab.platform.database.lease import Lease
from akrab.platform.supervision import Child, Home, Supervisor, listen, on_termination

app = typer.Typer()

READY_WITHIN = 60.0
AKRAB = (sys.executable, "-m", "akrab.cli.main")


@app.command()
def up(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    demo: Annotated[bool, typer.Option(help="Load the demo company first.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the log here, not in the home's logs folder.")] = False,
) -> None:
    """Prepare what is missing, then run everything until Ctrl-C."""
    signal.signal(signal.SIGTERM, on_termination)
    home = Home(Path(settings.AKRAB_HOME))
    home.claim()
    # whoever looks at a terminal reads sentences; what runs unattended is read from its standard error
    log = home.open_log() if sys.stderr.isatty() and not verbose else None
    logs.configure(settings.LOGGING, to=log)
    lease = None if settings.DATABASE_URL else Lease(of_home(home.folder))
    try:
        listener = listen(host, port)
        sign_in = prepared(demo=demo)
        address = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{listener.getsockname()[1]}"  # noqa: S104
        descriptor = listener.fileno()
        web = Child("web", (*AKRAB, "web", "--fd", str(descriptor)), files=(descriptor,), log=log)
        worker = Child("worker", (*AKRAB, "worker"), log=log)
        progress.print("Starting …")
        threading.Thread(target=welcome, args=(address, sign_in, home.log if log else None), daemon=True).start()
        Supervisor(home, address, (web, worker), lease).run()
    finally:
        home.release()
        if lease:
            lease.release()


def prepared(*, demo: bool) -> dict[str, str]:
    """In processes of their own: what they load is not kept in memory while we supervise."""
    made = subprocess.run([*AKRAB, "prepare", "--json"], stdout=subprocess.PIPE, check=False, env=os.environ)
    if made.returncode:
        raise typer.Exit(made.returncode)
    if demo:
        progress.print("Loading the demo company; the first time takes about two minutes.")
    if demo and subprocess.run([*AKRAB, "demo", "load"], stdout=sys.stderr, check=False).returncode:
        progress.print("The demo company was not loaded; Akrab starts with what this home holds.")
    return dict(json.loads(made.stdout))


def welcome(address: str, sign_in: dict[str, str], log: Path | None) -> None:
    """Say where it runs once it answers; the way in comes last, where eyes look."""
    answered = answers(f"{address}/healthz")
    base = settings.PUBLIC_URL.rstrip("/") or address
    out = Console(highlight=False, soft_wrap=True)
    if not answered:
        progress.print(f"Akrab does not answer yet; see {log or 'the log above'}.")
    out.print(f"\nAkrab runs at {base}/ until you press Ctrl-C.")
    if log:
        out.print(f"Its log is {log}")
    out.print(f"\nSign in as {sign_in['email']} (works once, for 24 hours):\n{base}{sign_in['path']}\n")
    sys.stdout.flush()


def answers(url: str) -> bool:
    direct = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        try:
            with direct.open(url, timeout=2):
                return True
        except (URLError, OSError):
            time.sleep(0.2)
    return False
