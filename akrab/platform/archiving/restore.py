"""Bringing a backup back: checked first, loaded beside what is there, then put in its place."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from akrab.platform.archiving.archive import DUMP, unpack
from akrab.platform.archiving.backup import KEYS_SUFFIX, address, run
from akrab.platform.database import embedded
from akrab.platform.lake.location import lake_root
from akrab.platform.lake.manifest import CURRENT
from akrab.platform.refusal import Refusal


class HomeNotEmpty(Refusal):
    code = "home_not_empty"
    message = _("%(place)s already holds data. Add --force to replace it; what is there now will be gone.")


def restore(source: Path, *, force: bool) -> dict[str, Any]:
    """Replace this home with a backup; until the last step a failure leaves everything as it was."""
    home = Path(settings.AKRAB_HOME)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not force:
        refuse_data(home)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as place:
        folder = Path(place)
        about = unpack(source, folder)
        if settings.DATABASE_URL:
            load(folder / DUMP)
        else:
            with embedded.running(home):
                load(folder / DUMP)
        put(folder / "lake", lake_root())
        forget_watermark(lake_root())
        put(folder / "files", settings.FILES_ROOT)
        restore_keys(source, home, force=force)
    return about


def refuse_data(home: Path) -> None:
    for place in (*home.glob("postgres-*/PG_VERSION"), lake_root() / CURRENT):
        if place.exists():
            raise HomeNotEmpty(place=home)
    if settings.DATABASE_URL:
        with psycopg.connect(address()) as database:
            if database.execute("SELECT to_regclass('django_migrations')").fetchone() != (None,):
                raise HomeNotEmpty(place=database.info.dbname)


def load(dump: Path) -> None:
    """Into a database of its own, which then takes the name; the old one is dropped last."""
    name = database_name()
    fresh, old = f"{name}_restored", f"{name}_replaced"
    with psycopg.connect(with_name("postgres"), autocommit=True) as server:
        for leftover in (fresh, old):
            drop(server, leftover)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(fresh)))
        try:
            options = ("--no-owner", "--no-privileges", "--exit-on-error", "--jobs=2")
            run("pg_restore", *options, f"--dbname={with_name(fresh)}", str(dump))
            start_history_again(with_name(fresh))
        except BaseException:
            drop(server, fresh)
            raise
        rename(server, name, old)
        rename(server, fresh, name)
        drop(server, old)


def start_history_again(database_url: str) -> None:
    """Transaction numbers of another server mean nothing here: every row counts as changed before the first export.

    Facts keep their order, and lie before everything that will happen on this server.
    """
    with psycopg.connect(database_url) as database:
        tables = database.execute(
            "SELECT table_name FROM information_schema.columns "
            "WHERE column_name = 'changed_xid' AND table_schema = 'public' ORDER BY table_name"
        ).fetchall()
        for (table,) in tables:
            database.execute(sql.SQL("UPDATE {} SET changed_xid = 0 WHERE changed_xid <> 0").format(sql.Identifier(table)))
        _move_facts_back(database)
    with psycopg.connect(database_url, autocommit=True) as database:
        database.execute("VACUUM ANALYZE")


def _move_facts_back(database: psycopg.Connection[tuple[Any, ...]]) -> None:
    """The feed shows facts below the transactions that run, and waiting jobs name theirs: both move by the same number."""
    [newest] = database.execute("SELECT coalesce(max(xid), 0) FROM platform_fact").fetchone() or [0]
    if newest <= 0:
        return
    database.execute("ALTER TABLE platform_fact DISABLE TRIGGER platform_fact_final")
    database.execute("UPDATE platform_fact SET xid = xid - %s", [newest])
    database.execute("ALTER TABLE platform_fact ENABLE TRIGGER platform_fact_final")
    database.execute(
        "UPDATE procrastinate_jobs SET args = args || jsonb_build_object('xid', (args->>'xid')::bigint - %s) WHERE args ? 'xid'",
        [newest],
    )


def put(source: Path, target: Path) -> None:
    if target.exists():
        aside = target.with_name(f".{target.name}.replaced.{os.getpid()}")
        target.rename(aside)
        shutil.rmtree(aside)
    if source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)


def forget_watermark(lake: Path) -> None:
    """The next refresh compares every month with the restored database."""
    manifest = lake / CURRENT
    if manifest.exists():
        body = json.loads(manifest.read_text()) | {"watermark_xid": 0}
        manifest.write_text(json.dumps(body, indent=1))


def restore_keys(source: Path, home: Path, *, force: bool) -> None:
    kept = source.with_name(source.name + KEYS_SUFFIX)
    key = home / "secret.key"
    if kept.exists() and (force or not key.exists()):
        key.touch(mode=0o600)
        key.write_text(kept.read_text())


def database_name() -> str:
    return urlsplit(address()).path.lstrip("/")


def with_name(name: str) -> str:
    return urlunsplit(urlsplit(address())._replace(path=f"/{name}"))


def drop(server: psycopg.Connection[Any], name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def rename(server: psycopg.Connection[Any], name: str, new: str) -> None:
    if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)))
