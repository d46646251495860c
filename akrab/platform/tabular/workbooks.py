"""Rows of spreadsheet workbooks: XLSX, XLSM, XLSB, XLS and ODS."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from akrab.platform.tabular.large_workbooks import is_large, sheet_names, stream_rows
from akrab.platform.tabular.sentences import TabularError, gettext_noop
from akrab.platform.tabular.sheet import Row, RowBatch, Sheet
from akrab.platform.tabular.workbook_cells import damaged, plain_cell


@dataclass(frozen=True, slots=True)
class WorkbookHead:
    """Names of the sheets, the chosen one, and its first rows."""

    sheets: tuple[str, ...]
    sheet: str
    rows: list[Row]
    row_count: int | None


def open_head(path: Path, wanted: str | None, *, rows: int) -> WorkbookHead:
    if is_large(path):
        names = sheet_names(path)
        _refuse_unknown(wanted, names)
        name = wanted if wanted is not None else names[0]
        return WorkbookHead(names, name, list(islice(stream_rows(path, name), rows)), None)
    with _opened(path) as book:
        names = tuple(book.sheet_names)
        _refuse_unknown(wanted, names)
        sheet = book.get_sheet_by_name(wanted) if wanted is not None else _first_filled(book, names)
        return WorkbookHead(names, sheet.name, list(islice(_rows(sheet), rows)), _height(sheet))


def _refuse_unknown(wanted: str | None, names: tuple[str, ...]) -> None:
    if wanted is not None and wanted not in names:
        raise TabularError(
            "unknown_sheet",
            gettext_noop("There is no sheet named %(name)s in this workbook. It has: %(names)s."),
            name=wanted,
            names=", ".join(names),
        )


def read_workbook(path: Path, sheet: Sheet, *, batch: int) -> Iterator[RowBatch]:
    assert sheet.sheet is not None
    if is_large(path):
        yield from _batches(stream_rows(path, sheet.sheet), sheet, batch)
        return
    with _opened(path) as book:
        yield from _batches(_rows(book.get_sheet_by_name(sheet.sheet)), sheet, batch)


def _batches(rows: Iterator[Row], sheet: Sheet, batch: int) -> Iterator[RowBatch]:
    data = islice(enumerate(rows, start=1), sheet.first_row - 1, None)
    while part := list(islice(data, batch)):
        yield _filled(part, len(sheet.columns))


def first_batch(rows: list[Row], sheet: Sheet) -> RowBatch:
    """The rows after the header among the first rows of the workbook."""
    return _filled(list(enumerate(rows, start=1))[sheet.first_row - 1 :], len(sheet.columns))


def _filled(part: list[tuple[int, Row]], width: int) -> RowBatch:
    out = RowBatch()
    for number, row in part:
        if all(cell is None for cell in row):
            out.blank += 1
            continue
        out.numbers.append(number)
        out.rows.append(row[:width] if len(row) >= width else row + (None,) * (width - len(row)))
    return out


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    """Rows from the first one of the sheet, so that numbers agree with what the spreadsheet shows."""
    start_row, start_column = sheet.start or (0, 0)
    before = (None,) * start_column
    for _ in range(start_row):
        yield ()
    for row in sheet.iter_rows():
        yield before + tuple(map(plain_cell, row))


def _height(sheet: CalamineSheet) -> int:
    return sheet.end[0] + 1 if sheet.end is not None else 0


def _first_filled(book: CalamineWorkbook, names: tuple[str, ...]) -> CalamineSheet:
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None and _height(sheet):
            return sheet
    raise TabularError("empty_file", gettext_noop("The workbook has no filled sheet. Choose a file with at least one row."))


@contextmanager
def _opened(path: Path) -> Iterator[CalamineWorkbook]:
    """The library reports damage in several ways, one of them a panic that is no ordinary exception."""
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            yield book
    except PasswordError as error:
        raise TabularError(
            "password",
            gettext_noop("The workbook is protected by a password. Save it without one and choose it again."),
        ) from error
    except (CalamineError, ValueError, OSError, ArithmeticError, LookupError) as error:
        raise damaged(error) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise damaged(error) from error
        raise
