"""Rows of Parquet files, column by column into Python values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from akrab.platform.later import Later
from akrab.platform.tabular.sentences import TabularError, gettext_noop
from akrab.platform.tabular.sheet import Row, RowBatch, Sheet

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
else:
    pa = Later("pyarrow")
    pq = Later("pyarrow.parquet")


def parquet_head(path: Path) -> tuple[list[str], int]:
    """Column names, and the number of rows in the file."""
    with _opened(path) as file:
        return list(file.schema_arrow.names), file.metadata.num_rows


def read_parquet(path: Path, sheet: Sheet, *, batch: int) -> Iterator[RowBatch]:
    """Rows are numbered from 1: there is no header row in the file."""
    number = 1
    with _opened(path) as file:
        for part in file.iter_batches(batch_size=batch):
            rows = list(_rows(part))
            yield RowBatch(numbers=list(range(number, number + len(rows))), rows=rows)
            number += len(rows)


def _rows(part: pa.RecordBatch) -> Iterator[Row]:
    if not part.num_columns:
        return iter(())
    return zip(*(_values(column) for column in part.columns), strict=True)


def _values(column: Any) -> list[Any]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        words = _values(column.dictionary)
        return [None if index is None else words[index] for index in column.indices.to_pylist()]
    if pa.types.is_timestamp(kind) and kind.unit != "ns" and kind.tz is None:
        return _moments(column)
    values: list[Any] = column.to_pylist()
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [None if value is None else value.decode("utf-8", "replace") for value in values]
    if pa.types.is_nested(kind):
        return [None if value is None else json.dumps(value, default=str, ensure_ascii=False) for value in values]
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return [
            None if value is None else value.to_pydatetime() if hasattr(value, "to_pydatetime") else value for value in values
        ]
    return values


def _moments(column: Any) -> list[Any]:
    """numpy makes these ten times as fast as pyarrow does."""
    unit = "us" if column.type.unit == "us" else "ms" if column.type.unit == "ms" else "s"
    raw = column.cast(pa.int64())
    values: list[Any] = raw.fill_null(0).to_numpy(zero_copy_only=False).astype(f"datetime64[{unit}]").tolist()
    if column.null_count:
        return [value if filled else None for value, filled in zip(values, column.is_valid().to_pylist(), strict=True)]
    return values


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise TabularError(
            "damaged_parquet",
            gettext_noop("The Parquet file cannot be read (%(reason)s). Write it again and choose the new file."),
            reason=str(error).split("\n", 1)[0][:120],
        ) from error
