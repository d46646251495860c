"""Set-based writing: many rows into a table by COPY, a few by one INSERT, through Django's connection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection, transaction

# COPY talks three times with the server; below some rows one INSERT is quicker
FEW = 12


Part = tuple[str, Sequence[str], Iterable[Sequence[Any]]]


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a table, in the running transaction."""
    copy_parts((table, columns, rows))


def copy_parts(*parts: Part, then: tuple[str, Sequence[Any]] | None = None) -> None:
    """Append rows to several tables, each given with its columns, `then` run a statement.

    The tables that get a few rows share one round trip with it.
    """
    statements: list[str] = []
    parameters: list[Any] = []
    with connection.cursor() as cursor:
        for table, columns, rows in parts:
            waiting = iter(rows)
            first = list(islice(waiting, FEW + 1))
            names = ", ".join(columns)
            if len(first) > FEW:
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in chain(first, waiting):
                        copy.write_row(row)
            elif first:
                marks = f"({', '.join(['%s'] * len(columns))})"
                statements.append(f"INSERT INTO {table} ({names}) VALUES {', '.join([marks] * len(first))}")
                parameters += chain.from_iterable(first)
        if then:
            statements.append(then[0])
            parameters += then[1]
        if statements:
            cursor.execute("; ".join(statements), parameters)


def fetch(sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement, or of the last of several that go in one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while cursor.nextset():
            pass
        return list(cursor.fetchall()) if cursor.description else []


def named(sql: str, parameters: Sequence[Any], *, prefix: str) -> tuple[str, dict[str, Any]]:
    """A statement of Django with its places for values turned into names, so that it can stand inside another one."""
    parts = sql.split("%s")
    text = "".join(f"{part}%({prefix}_{place})s" for place, part in enumerate(parts[:-1])) + parts[-1]
    return text, {f"{prefix}_{place}": value for place, value in enumerate(parameters)}


class _Xid:
    """The id of the running transaction, kept where Django keeps what a commit or a rollback ends."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __call__(self) -> None:
        """Nothing is left to do at the commit."""


def current_xid() -> int:
    """The id of the running transaction, which `changed_xid` columns carry; asked once in each."""
    for entry in connection.run_on_commit:
        if isinstance(entry[1], _Xid):
            return entry[1].value
    xid = _Xid(int(fetch("SELECT pg_current_xact_id()::text::bigint")[0][0]))
    if connection.in_atomic_block:
        transaction.on_commit(xid)
    return xid.value
