"""Rows of CSV and TSV files."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from akrab.platform.tabular.lines import is_undecoded, open_lines
from akrab.platform.tabular.records import BrokenQuote, Dialect, read_records
from akrab.platform.tabular.sentences import Sentence, gettext_noop
from akrab.platform.tabular.sheet import RowBatch, RowProblem, Sheet

_BROKEN = gettext_noop("The quotes in this row do not close. Check the quotation marks in it.")
_UNDECODED = gettext_noop("Some letters of this row could not be read as %(encoding)s: %(text)s")
_NULLS = gettext_noop("This row has NUL characters in it, which text cannot hold.")
_TOO_FEW = gettext_noop("The row has %(found)s cells, but %(wanted)s are expected. A separator may be missing.")
_TOO_MANY = gettext_noop("The row has %(found)s cells, but %(wanted)s are expected. A cell may need quotes.")


def read_delimited(path: Path, sheet: Sheet, *, batch: int) -> Iterator[RowBatch]:
    assert sheet.encoding is not None
    dialect = Dialect(sheet.delimiter, sheet.quote, sheet.escape)
    records = read_records(open_lines(path, sheet.encoding), dialect)
    data = ((number, cells) for number, cells in records if number >= sheet.first_row)
    while part := list(islice(data, batch)):
        yield _checked(part, sheet)


def _checked(part: list[tuple[int, list[str] | BrokenQuote]], sheet: Sheet) -> RowBatch:
    out = RowBatch()
    width = len(sheet.columns)
    suspicious = bool(sheet.flawed)
    for number, cells in part:
        if type(cells) is list and len(cells) == width and not suspicious and any(cells):
            out.numbers.append(number)
            out.rows.append(tuple(cells))
        else:
            _add_odd_row(out, number, cells, sheet, width)
    return out


def _add_odd_row(out: RowBatch, number: int, cells: list[str] | BrokenQuote, sheet: Sheet, width: int) -> None:
    if isinstance(cells, BrokenQuote):
        out.problems.append(RowProblem(number, "broken_quotes", Sentence(_BROKEN), (cells.text,)))
        return
    if not any(cell.strip() for cell in cells):
        out.blank += 1
        return
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) < width and sheet.options.short_rows == "pad":
        cells += [""] * (width - len(cells))
    problem = _problem(number, cells, sheet, width)
    if problem is not None:
        out.problems.append(problem)
    else:
        out.numbers.append(number)
        out.rows.append(tuple(cells))


def _problem(number: int, cells: list[str], sheet: Sheet, width: int) -> RowProblem | None:
    row = tuple(cells)
    if "undecodable" in sheet.flawed and (bad := next((cell for cell in cells if is_undecoded(cell)), None)) is not None:
        shown = bad.encode("utf-8", "replace").decode("utf-8", "replace")[:60]
        return RowProblem(number, "undecodable", Sentence(_UNDECODED, {"encoding": sheet.encoding, "text": shown}), row)
    if "nulls" in sheet.flawed and any("\x00" in cell for cell in cells):
        return RowProblem(number, "nul_character", Sentence(_NULLS), row)
    if len(cells) != width:
        code, text = ("too_few_cells", _TOO_FEW) if len(cells) < width else ("too_many_cells", _TOO_MANY)
        return RowProblem(number, code, Sentence(text, {"found": len(cells), "wanted": width}), row)
    return None
