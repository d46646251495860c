"""The database of a home folder: its address, and a lease that keeps its server running."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from akrab.platform.database.binaries import DatabaseUnavailable
from akrab.platform.database.cluster import Cluster, of_home
from akrab.platform.database.lease import Lease

NAME = "akrab"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin", "btree_gist", "fuzzystrmatch")


def url(home: Path) -> str:
    """The address of a home's database; nothing is started."""
    return of_home(home).url(NAME)


def ensure(home: Path) -> Lease:
    """Start the server of a home, make its database if missing, and keep it running while the lease is held."""
    cluster = of_home(home)
    refuse_other_version(home, cluster)
    lease = Lease(cluster)
    create_database(cluster, NAME)
    return lease


@contextmanager
def running(home: Path) -> Iterator[Lease]:
    """The same for a block of code: stopped at its end if nobody else uses it."""
    lease = ensure(home)
    try:
        yield lease
    finally:
        lease.release()


def create_database(cluster: Cluster, name: str) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with psycopg.connect(cluster.url(name), autocommit=True) as database:
        for extension in EXTENSIONS:
            database.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


def refuse_other_version(home: Path, cluster: Cluster) -> None:
    others = [folder for folder in home.glob("postgres-*/PG_VERSION") if folder.parent != cluster.data]
    if others and not cluster.data.exists():
        raise DatabaseUnavailable(
            f"{others[0].parent} was made by another PostgreSQL version. Back it up with the Akrab version that made "
            f"it, then restore the backup into a new home."
        )
