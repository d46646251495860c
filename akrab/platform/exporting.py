"""Exports: rows of one statement streamed into CSV, NDJSON or Parquet, with count and checksum."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import IO, Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.refusal import Refusal
from akrab.platform.tabular.rejects import harmless

_CHUNK = 5000
_TYPES = {
    "text": pa.string(), "integer": pa.int64(), "decimal": pa.string(), "date": pa.date32(),
    "moment": pa.timestamp("us", tz="UTC"), "boolean": pa.bool_(),
}  # fmt: skip

Rows = Iterator[Sequence[Any]]


class UnknownFormat(Refusal):
    code = "unknown_format"
    status = 422
    message = _("The name %(name)s says no format: end it with .csv, .tsv, .ndjson or .parquet.")


class UnknownFilter(Refusal):
    code = "unknown_filter"
    status = 422
    message = _("There is no filter %(name)s. Use: %(names)s.")


@dataclass(frozen=True, slots=True)
class Export:
    """What a room writes to a file: a statement with `%(name)s` for its filters, columns with their types, and the verb.

    `{where}` in the statement takes the conditions of the filters that were given.
    """

    may: str
    sql: str
    columns: tuple[tuple[str, str], ...]
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows, bytes and SHA-256 of the file."""

    rows: int
    bytes: int
    sha256: str


def write_export(*, by: Actor, export: Export, path: Path, filters: Mapping[str, str]) -> Exported:
    """Stream an export into a file that appears when it is complete."""
    require(by, "platform.export")
    require(by, export.may)
    writer = _writer_for(path)
    unknown = [name for name in filters if name not in export.filters]
    if unknown:
        raise UnknownFilter(name=unknown[0], names=", ".join(export.filters) or "-")
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as raw:
            file = _Hashed(raw)
            with _rows(export, filters) as rows:
                count = writer(file, export.columns, rows)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return Exported(count, file.size, file.digest.hexdigest())


@contextmanager
def _rows(export: Export, filters: Mapping[str, str]) -> Iterator[Rows]:
    where = " AND ".join(export.filters[name] for name in filters) or "true"
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        fetch("SET LOCAL cursor_tuple_fraction = 1")  # all rows are read, so the plan must not favor the first ones
        cursor.execute(export.sql.replace("{where}", where), dict(filters))
        yield chain.from_iterable(iter(lambda: cursor.fetchmany(_CHUNK), []))


class _Hashed(io.RawIOBase):
    """Writes through to a file and keeps its digest."""

    def __init__(self, raw: IO[bytes]) -> None:
        self.digest = hashlib.sha256()
        self.size = 0
        self._raw = raw

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        written = self._raw.write(data)
        self.size += written
        return written

    def tell(self) -> int:
        return self.size


Columns = Sequence[tuple[str, str]]
Writer = Callable[[_Hashed, Columns, Rows], int]


def _writer_for(path: Path) -> Writer:
    writers: dict[str, Writer] = {
        ".csv": _write_csv, ".tsv": _write_tsv, ".ndjson": _write_ndjson, ".jsonl": _write_ndjson,
        ".parquet": _write_parquet,
    }  # fmt: skip
    if path.suffix.lower() not in writers:
        raise UnknownFormat(name=path.name)
    return writers[path.suffix.lower()]


def _write_csv(file: _Hashed, columns: Columns, rows: Rows, delimiter: str = ",") -> int:
    """Texts that a spreadsheet would run as formulas are made harmless; numbers and dates stay as they are."""
    texts = frozenset(place for place, (_name, kind) in enumerate(columns) if kind == "text")
    count = 0
    with io.TextIOWrapper(io.BufferedWriter(file, 1 << 20), "utf-8", newline="", write_through=False) as out:
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow([name for name, _kind in columns])
        for row in rows:
            writer.writerow([harmless(cell) if place in texts else _plain(cell) for place, cell in enumerate(row)])
            count += 1
        out.flush()
    return count


def _write_tsv(file: _Hashed, columns: Columns, rows: Rows) -> int:
    return _write_csv(file, columns, rows, "\t")


def _write_ndjson(file: _Hashed, columns: Columns, rows: Rows) -> int:
    names = [name for name, _kind in columns]
    encode = json.JSONEncoder(ensure_ascii=False, default=_plain).encode
    count = 0
    for part in _chunks(rows):
        lines = [encode(dict(zip(names, row, strict=True))) + "\n" for row in part]
        file.write("".join(lines).encode())
        count += len(part)
    return count


def _write_parquet(file: _Hashed, columns: Columns, rows: Rows) -> int:
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in columns])
    decimals = {place for place, (_name, kind) in enumerate(columns) if kind == "decimal"}
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for part in _chunks(rows, 50_000):
            cells = [
                [None if cell is None else str(cell) for cell in column] if place in decimals else column
                for place, column in enumerate(zip(*part, strict=True))
            ]
            arrays = [pa.array(column, one.type) for column, one in zip(cells, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(part)
    return count


def _chunks(rows: Rows, size: int = _CHUNK) -> Iterator[list[Sequence[Any]]]:
    part: list[Sequence[Any]] = []
    for row in rows:
        part.append(row)
        if len(part) >= size:
            yield part
            part = []
    if part:
        yield part


def _plain(cell: Any) -> Any:
    if cell is None or isinstance(cell, int | float):
        return cell
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
