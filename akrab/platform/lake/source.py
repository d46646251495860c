"""Reads PostgreSQL into DuckDB inside one repeatable-read snapshot."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from akrab.platform.later import Later

if TYPE_CHECKING:
    import duckdb
else:
    duckdb = Later("duckdb")

SCANNER = "postgres_scanner"


class Unreachable(Exception):
    """The analytical engine cannot reach the database."""


class Source(Protocol):
    """A consistent view of PostgreSQL."""

    def fetch(self, sql: str) -> list[tuple[Any, ...]]: ...

    def relation(self, sql: str, columns: Sequence[tuple[str, str]]) -> str:
        """Text for FROM in DuckDB that gives the rows of a PostgreSQL query."""


class Scanner:
    """Through DuckDB's PostgreSQL extension, the quickest way by far."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        return self.con.execute(f"FROM {self.relation(sql, ())}").fetchall()

    def relation(self, sql: str, columns: Sequence[tuple[str, str]]) -> str:
        return f"postgres_query('pg', $akrab${sql}$akrab$)"


class CopiedText:
    """Through COPY to a text file, when the extension does not match the installed DuckDB."""

    def __init__(self, server: psycopg.Connection[Any], folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.count = 0

    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        return self.server.execute(sql.encode()).fetchall()

    def relation(self, sql: str, columns: Sequence[tuple[str, str]]) -> str:
        self.count += 1
        path = self.folder / f"{self.count}.csv"
        command = f"COPY ({sql}) TO STDOUT (FORMAT csv, NULL '\\N', FORCE_QUOTE *)"
        with path.open("wb") as stream, self.server.cursor() as cursor, cursor.copy(command.encode()) as copy:
            for block in copy:
                stream.write(block)
        kinds = ", ".join(f"'{name}': '{kind}'" for name, kind in columns)
        return (
            f"read_csv('{path}', columns={{{kinds}}}, header=false, nullstr='\\N', quote='\"', escape='\"',"
            " delim=',', auto_detect=false, parallel=false)"
        )


@contextmanager
def open_source(con: duckdb.DuckDBPyConnection) -> Iterator[Source]:
    """A read-only snapshot of the database that Django is connected to."""
    if load_scanner(con):
        attach(con)
        con.execute("BEGIN")
        try:
            yield Scanner(con)
        finally:
            con.execute("ROLLBACK")
            con.execute("DETACH pg")
        return
    with psycopg.connect(_conninfo()) as server, tempfile.TemporaryDirectory() as folder:
        server.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        server.read_only = True
        yield CopiedText(server, Path(folder))


def load_scanner(con: duckdb.DuckDBPyConnection) -> bool:
    """Load the extension from its wheel; False when the wheel is missing or made for another DuckDB."""
    try:
        wheel = resources.files(f"duckdb_extension_{SCANNER}")
    except ModuleNotFoundError:
        return False
    path = wheel / "extensions" / f"v{duckdb.__version__}" / f"{SCANNER}.duckdb_extension"
    if not path.is_file():
        return False
    con.execute(f"LOAD '{path}'")
    return True


def attach(con: duckdb.DuckDBPyConnection) -> None:
    """Attach the database as `pg`; what goes wrong is said without the password."""
    said = _conninfo().replace("'", "''")
    try:
        con.execute(f"ATTACH '{said}' AS pg (TYPE postgres, READ_ONLY)")
    except duckdb.Error as error:
        why = str(error)
        # DuckDB repeats the statement, or what libpq was given
        for secret in (said, _conninfo(), str(connection.get_connection_params().get("password") or said)):
            why = why.replace(secret, "…")
        raise Unreachable(why) from None


def _conninfo() -> str:
    given = connection.get_connection_params()
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    return make_conninfo(**{key: value for key, value in given.items() if key in known and value})
