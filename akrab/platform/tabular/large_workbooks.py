"""XLSX workbooks too large to hold in memory, read row by row: slower, but with constant memory."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from akrab.platform.later import Later
from akrab.platform.tabular.sheet import Row
from akrab.platform.tabular.workbook_cells import damaged, plain_cell

openpyxl = Later("openpyxl")

LARGE = 512 * 1024 * 1024


def is_large(path: Path, limit: int | None = None) -> bool:
    """Whether the sheets of an XLSX or XLSM file unpack to more than the limit."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    sheets = sum(size for name, size in sizes.items() if name.startswith("xl/worksheets/"))
    return "xl/workbook.xml" in sizes and sheets > (LARGE if limit is None else limit)


def sheet_names(path: Path) -> tuple[str, ...]:
    with _opened(path) as book:
        return tuple(sheet.title for sheet in book.worksheets)


def stream_rows(path: Path, name: str) -> Iterator[Row]:
    with _opened(path) as book:
        sheet = book[name]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield tuple(map(plain_cell, row))


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The library meets damage with whatever error it runs into."""
    book = None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        yield book
    except GeneratorExit:
        raise
    except Exception as error:
        raise damaged(error) from error
    finally:
        if book is not None:
            book.close()
