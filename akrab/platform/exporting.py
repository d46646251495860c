"""Exports: rows of one statement streamed into CSV, NDJSON or Parquet, with count and checksum."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.export_facts import DataExported
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.later import Later
from akrab.platform.listing.filtering import Filterable
from akrab.platform.listing.words import STAR, without_words
from akrab.platform.operation import require
from akrab.platform.refusal import Refusal
from akrab.platform.rights.fields import demand_readable, field_access, masked
from akrab.platform.rights.limits import where as where_of
from akrab.platform.rights.registry import protected
from akrab.platform.tabular.formulas import harmless

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
else:
    pa = Later("pyarrow")
    pq = Later("pyarrow.parquet")

_CHUNK = 5000


@cache
def _types() -> dict[str, Any]:
    return {
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


class NoViewsHere(Refusal):
    code = "no_views_here"
    status = 422
    message = _("There are no saved views of this kind.")


@dataclass(frozen=True, slots=True)
class Export:
    """What a room writes to a file: a statement with `%(name)s` for its filters, columns with their types, and the verb.

    `{where}` in the statement takes the conditions of the filters that were given. `protects` names the object behind an
    alias: only rows within the reader's reach are written, and closed columns are left out or masked. `{within:alias}`
    takes the same condition for an alias of `names`, where a row may be written without what it points to. `narrow` turns
    the query of a saved view into a condition with its named parameters; without it there are no views of this kind.
    `adds` gives the same with columns that the company added; `reads` says what the fields of its filter trees hold.
    """

    may: str
    sql: str
    columns: tuple[tuple[str, str], ...]
    filters: Mapping[str, str] = field(default_factory=dict)
    protects: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    narrow: Callable[[Actor, str], tuple[str, dict[str, Any]]] | None = None
    adds: Callable[[Export], Export] | None = None
    reads: Filterable | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows, bytes and SHA-256 of the file."""

    rows: int
    bytes: int
    sha256: str


def write_export(
    *,
    by: Actor,
    export: Export,
    path: Path,
    filters: Mapping[str, str],
    name: str = "",
    query: str | None = None,
    for_spreadsheet: bool = False,
) -> Exported:
    """Stream an export into a file that appears when it is complete; the audit tells of it by its name.

    With the `query` of a saved view only the rows that the view shows are written. A file that is `for_spreadsheet`
    begins with a byte order mark, without which spreadsheets take letters with accents for others.
    """
    require(by, "platform.export")
    require(by, export.may)
    export = export.adds(export) if export.adds else export
    writer = _writer_for(path)
    unknown = [one for one in filters if one not in export.filters]
    if unknown:
        raise UnknownFilter(name=unknown[0], names=", ".join(export.filters) or "-")
    for thing in export.protects.values():
        demand_readable(by, thing, filters)
    access = _access(by, export)
    kept = [place for place, (name, _kind) in enumerate(export.columns) if access.get(name) != "hidden"]
    columns = [export.columns[place] for place in kept]
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as raw:
            file = _Hashed(raw)
            if for_spreadsheet:
                file.write(codecs.BOM_UTF8)
            with _rows(export, filters, query, by=by) as rows:
                count = writer(file, columns, _open(rows, export, kept, access) if access else rows)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    done = Exported(count, file.size, file.digest.hexdigest())
    _tell(done, name or path.stem, filters, query or "", export.reads, by=by)
    return done


def _tell(done: Exported, name: str, filters: Mapping[str, str], query: str, reads: Filterable | None, *, by: Actor) -> None:
    asked = [*filters.items(), *parse_qsl(query)]
    fact = DataExported(
        export_id=new_id(),
        at=datetime.now(UTC),
        what=name,
        rows=done.rows,
        sha256=done.sha256,
        filters=sorted(filters),
        asked=urlencode([(key, without_words(key, value, reads)) for key, value in asked], safe=STAR),
    )
    with transaction.atomic():
        record([fact], by=by)


def _access(by: Actor, export: Export) -> dict[str, str]:
    """The closed columns and whether they are hidden or masked."""
    found: dict[str, str] = {}
    for name in export.protects.values():
        access = field_access(by, name)
        for column, _kind in export.columns if access else ():
            one = protected(name).field(column)
            if one and access.get(one.name) in {"hidden", "masked"}:
                found[column] = access[one.name]
    return found


def _open(rows: Rows, export: Export, kept: Sequence[int], access: Mapping[str, str]) -> Rows:
    """The rows without hidden columns, and with masked ones masked."""
    kinds = {column: one.type for name in export.protects.values() for column in access if (one := protected(name).field(column))}
    masks = [kinds.get(export.columns[place][0], "") if export.columns[place][0] in access else "" for place in kept]
    for row in rows:
        yield [masked(row[place], kind) if kind else row[place] for place, kind in zip(kept, masks, strict=True)]


@contextmanager
def _rows(export: Export, filters: Mapping[str, str], query: str | None, *, by: Actor) -> Iterator[Rows]:
    conditions, values = [export.filters[name] for name in filters], dict[str, Any](filters)
    if query is not None:
        if export.narrow is None:
            raise NoViewsHere
        try:
            shown, more = export.narrow(by, query)
        except EmptyResultSet:  # a search that finds nobody is no statement at all
            shown, more = "false", {}
        conditions.append(shown)
        values |= more
    sql = export.sql
    for alias, name in {**export.protects, **export.names}.items():
        reach, more = where_of(by, name, alias, prefix=f"may_{alias}")
        values |= more
        if alias in export.protects:
            conditions.append(reach)
        sql = sql.replace(f"{{within:{alias}}}", reach)
    where = " AND ".join(conditions) or "true"
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        fetch("SET LOCAL cursor_tuple_fraction = 1")  # all rows are read, so the plan must not favor the first ones
        cursor.execute(sql.replace("{where}", where), values)
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
    schema = pa.schema([(name, _types()[kind]) for name, kind in columns])
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
