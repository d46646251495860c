"""Writes one partition as one Parquet file: the same rows always give the same bytes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from akrab.platform.lake.declaration import Declared
from akrab.platform.lake.manifest import DataFile

if TYPE_CHECKING:
    import duckdb


def write_partition(con: duckdb.DuckDBPyConnection, root: Path, dataset: Declared, month: int, relation: str) -> DataFile:
    """Write the rows of `relation` (text for FROM) for one month; a file with the same content is kept as it is."""
    folder = root / dataset.name
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{month}-{os.getpid()}.draft"
    columns = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in dataset.columns)
    order = ", ".join(f'"{name}" ASC NULLS FIRST' for name in dataset.order)
    con.execute(
        f"COPY (SELECT {columns} FROM {relation} ORDER BY {order}) TO '{_quoted(draft)}'"
        " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )
    digest = _settle(draft)
    final = folder / f"{month}-{digest[:20]}.parquet"
    draft.replace(final)
    return _described(con, root, dataset, month, final, digest)


def _described(con: duckdb.DuckDBPyConnection, root: Path, dataset: Declared, month: int, final: Path, digest: str) -> DataFile:
    source = f"read_parquet('{_quoted(final)}')"
    span = f'min("{dataset.span}")::VARCHAR, max("{dataset.span}")::VARCHAR' if dataset.span else "NULL, NULL"
    found = con.execute(f"SELECT count(*), {span} FROM {source}").fetchone()
    assert found is not None
    values = {
        column: [
            str(row[0])
            for row in con.execute(f'SELECT DISTINCT "{column}" FROM {source} WHERE "{column}" IS NOT NULL ORDER BY 1').fetchall()
        ]
        for column in dataset.distinct
    }
    return DataFile(
        path=final.relative_to(root).as_posix(),
        month=month,
        rows=found[0],
        bytes=final.stat().st_size,
        sha256=digest,
        min=found[1],
        max=found[2],
        values=values,
    )


def _settle(path: Path) -> str:
    """Put the bytes on disk and return their SHA-256."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
