"""Looking at a file: what it is, how it is written, what its columns hold, and what must be asked."""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

from akrab.platform.tabular.formats import detect_format
from akrab.platform.tabular.outlines import (
    outline_cards,
    outline_jsonlines,
    outline_parquet,
    outline_text,
    outline_workbook,
)
from akrab.platform.tabular.questions import ask_about_file
from akrab.platform.tabular.reading import read_rows
from akrab.platform.tabular.settling import FIRST_LOOK, settle_columns
from akrab.platform.tabular.sheet import Options, RowBatch, Sheet

SAMPLE_ROWS = 50
_OUTLINES = {
    "csv": outline_text,
    "workbook": outline_workbook,
    "ndjson": outline_jsonlines,
    "parquet": outline_parquet,
    "vcard": outline_cards,
}


def inspect(path: Path | str, *, kind_hint: str | None = None, options: Options | None = None) -> Sheet:
    """Raises TabularError when the file is no table. What is ambiguous comes back as questions of the sheet;
    answers in `options` settle them."""
    path, options = Path(path), options or Options()
    outline = _OUTLINES[detect_format(path, kind_hint)](path, options)
    sheet = replace(outline.sheet, suffix=path.suffix.lower(), size=path.stat().st_size)
    with closing(read_rows(path, sheet, batch=FIRST_LOOK)) as batches:
        first = outline.first or next(batches, RowBatch())
        following = _after(first.numbers[-1] if first.numbers else 0, batches) if outline.first else batches
        sample, numbers = tuple(first.rows[:SAMPLE_ROWS]), tuple(first.numbers[:SAMPLE_ROWS])
        sheet = ask_about_file(path, replace(sheet, sample=sample, sample_numbers=numbers), first)
        return settle_columns(sheet, chain([first], following))


def _after(last: int, batches: Iterator[RowBatch]) -> Iterator[RowBatch]:
    """Batches without the rows up to this one, which have been seen already."""
    for batch in batches:
        start = bisect_right(batch.numbers, last)
        yield RowBatch(batch.numbers[start:], batch.rows[start:])
