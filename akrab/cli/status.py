"""`akrab status`: what runs, how much waits, what failed, how old the copies are."""

from __future__ import annotations

import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from rich.console import Console
from rich.table import Table

from akrab.cli.output import AsJson, print_json
from akrab.cli.session import session
from akrab.commerce import public as commerce
from akrab.customers import public as customers
from akrab.platform.actor import SYSTEM
from akrab.platform.lake.location import lake_root
from akrab.platform.lake.manifest import read_current
from akrab.platform.queries import health
from akrab.platform.queries.fact_state import fact_hash
from akrab.platform.supervision import Home

app = typer.Typer()


@app.command()
def status(
    *,
    state_hash: Annotated[bool, typer.Option(help="Also hash customers, receipts and facts (reads everything).")] = False,
    json: AsJson = False,
) -> None:
    """Say how this installation is."""
    running = Home(Path(settings.AKRAB_HOME)).running()
    with session(migrated=False):
        found = figures(running) | (hashes() if state_hash else {})
    if json:
        print_json(found)
    else:
        Console(highlight=False).print(in_words(found))


def figures(running: dict[str, object]) -> dict[str, Any]:
    pending = health.pending_migrations(by=SYSTEM)
    server, size = health.database_size(by=SYSTEM)
    answer: dict[str, Any] = {
        "running": bool(running),
        "address": running.get("address"),
        "processes": running.get("children", {}),
        "restarts": running.get("restarts", {}),
        "home": str(settings.AKRAB_HOME),
        "versions": {"akrab": version("akrab"), "python": platform.python_version(), "postgresql": server},
        "database": {
            "kind": "server" if settings.DATABASE_URL else "embedded",
            "bytes": size,
            "pending_migrations": pending,
        },
        "lake": lake(),
    }
    if pending:
        return answer | {"queue": None, "parked_facts": None, "last_backup": None}
    return answer | {
        "queue": asdict(health.queue(by=SYSTEM)),
        "failed_jobs": health.queue(by=SYSTEM).failed,
        "parked_facts": health.parked_facts(by=SYSTEM),
        "last_backup": health.last_backup(by=SYSTEM),
    }


def lake() -> dict[str, Any] | None:
    snapshot = read_current(lake_root())
    if snapshot is None:
        return None
    return {"snapshot": snapshot.number, "made_at": snapshot.made_at, "content": snapshot.content}


def hashes() -> dict[str, Any]:
    parts = {
        "customers": customers.state_hash(by=SYSTEM),
        "receipts": commerce.state_hash(by=SYSTEM),
        "facts": fact_hash(by=SYSTEM),
    }
    return {"state": {name: {"rows": rows, "hash": digest} for name, (rows, digest) in parts.items()}}


def in_words(found: dict[str, Any]) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in found.items():
        said = ", ".join(f"{key} {part}" for key, part in value.items()) if isinstance(value, dict) else str(value)
        table.add_row(name.replace("_", " "), said or "none")
    return table
