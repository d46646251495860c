"""Rows on disk while an import works, sorted without holding them in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from akrab.platform.later import Later

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa  # type: ignore[import-untyped]
else:
    pa = Later("pyarrow")
    duckdb = Later("duckdb")


MEMORY = "192MB"
_FETCH = 20_000


class Spill:
    """A private table store in one folder; it is gone when the import ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._connection = duckdb.connect(str(folder / "spill.duckdb"))
        self._connection.execute(f"SET memory_limit = '{MEMORY}'")
        self._connection.execute("SET threads = 2")
        self._connection.execute("SET preserve_insertion_order = false")
        self._connection.execute(f"SET temp_directory = '{folder / 'spill.tmp'}'")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    def create(self, table: str, columns: str) -> None:
        self._connection.execute(f"CREATE TABLE {table} ({columns})")

    def append(self, table: str, columns: dict[str, Sequence[Any]]) -> None:
        """Add rows, given column by column."""
        rows = pa.table({name: pa.array(values) for name, values in columns.items()})
        self._connection.register("incoming", rows)
        self._connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
        self._connection.unregister("incoming")

    def fetch(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, list(values)).fetchall()

    def value(self, sql: str) -> Any:
        row = self._connection.execute(sql).fetchone()
        return row[0] if row else None

    def batches(self, sql: str) -> Iterator[list[list[Any]]]:
        """The answer in parts, each part column by column; rows may be appended elsewhere meanwhile."""
        reader = self._connection.cursor()  # a second statement on one connection would end the first
        for batch in reader.execute(sql).to_arrow_reader(_FETCH):
            yield [column.to_pylist() for column in batch.columns]
