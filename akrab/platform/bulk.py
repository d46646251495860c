"""Set-based writing: many rows into a table by COPY, a few by one INSERT, through Django's connection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection

# COPY talks three times with the server; below some rows one INSERT is quicker
FEW = 12


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a table, in the running transaction."""
    waiting = iter(rows)
    first = list(islice(waiting, FEW + 1))
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if len(first) > FEW:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in chain(first, waiting):
                    copy.write_row(row)
        elif first:
            marks = f"({', '.join(['%s'] * len(columns))})"
            values = ", ".join([marks] * len(first))
            cursor.execute(f"INSERT INTO {table} ({names}) VALUES {values}", list(chain.from_iterable(first)))


def fetch(sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def current_xid() -> int:
    """The id of the running transaction, which `changed_xid` columns carry."""
    return int(fetch("SELECT pg_current_xact_id()::text::bigint")[0][0])
