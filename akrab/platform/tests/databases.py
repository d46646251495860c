"""Test databases: a template that is migrated once per set of migrations, and clones of it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path

import psycopg
from psycopg import sql

from akrab.platform.database.binaries import find
from akrab.platform.database.cluster import Cluster

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / ".cache"
DATA = Path(os.environ.get("AKRAB_DATA_DIR") or ROOT.parent / "shared" / "data")
"""Real data sets, which are never part of the project; beside it unless a variable names another folder."""
CLUSTER = Cluster(CACHE / f"postgres-{find().major}", disposable=True)
TEMPLATES_KEPT = 4


def name_of(run: str, worker: str) -> str:
    return f"test_{run}_{worker}"


def template() -> str:
    """The template of this run: the migrations as they were when it began."""
    return os.environ.setdefault("AKRAB_TEST_TEMPLATE", f"template_{migrations_digest()}")


def migrations_digest() -> str:
    digest = hashlib.sha256()
    for source in sorted([*ROOT.glob("akrab/*/migrations/*.py"), ROOT / "requirements.lock"]):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def ensure_template() -> None:
    """Migrate a database once and keep it; it gets its name when it is complete."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "template.lock").open("w") as handle:
        flock(handle, LOCK_EX)
        name = template()
        if name in names(r"template\_%"):
            return
        draft = f"draft_{os.getpid()}"
        drop(draft)
        run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
        environment = {**os.environ, "AKRAB_DATABASE_URL": CLUSTER.url(draft)}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"], cwd=ROOT, env=environment, check=True)
        run(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
        for old in names(r"template\_%")[:-TEMPLATES_KEPT]:
            drop(old)


def clone(name: str) -> None:
    """A fresh copy of the template; its files are copied, which costs less than writing every page through the log."""
    drop(name)
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    run(copy.format(sql.Identifier(name), sql.Identifier(template())))


def drop(name: str) -> None:
    run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_run(number: str) -> None:
    for name in names(f"test_{number}_%"):
        drop(name)


def sweep() -> None:
    """Drop what killed runs left behind."""
    for name in names("test_%") + names("draft_%"):
        if not Path(f"/proc/{name.split('_')[1]}").exists() and Path("/proc").exists():
            drop(name)


def names(pattern: str) -> list[str]:
    """Databases like a pattern, oldest first."""
    with psycopg.connect(CLUSTER.url("postgres"), autocommit=True) as server:
        found = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid", [pattern])
        return [row[0] for row in found.fetchall()]


def run(statement: sql.Composed) -> None:
    with psycopg.connect(CLUSTER.url("postgres"), autocommit=True) as server:
        server.execute(statement)
