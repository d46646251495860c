"""What must be asked about the file as a whole: letters, separator, header, short rows."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from akrab.platform.tabular.lines import open_lines
from akrab.platform.tabular.sentences import Sentence, gettext_noop
from akrab.platform.tabular.sheet import Choice, Notice, Question, RowBatch, Sheet

_SURE_ENCODING = 0.9
_SURE_DIALECT = 0.6
_SURE_HEADER = 0.7
_SURE_NO_HEADER = 0.9

DELIMITER_NAMES = {
    ",": gettext_noop("comma"),
    ";": gettext_noop("semicolon"),
    "\t": gettext_noop("tab"),
    "|": gettext_noop("vertical bar"),
    ":": gettext_noop("colon"),
    " ": gettext_noop("space"),
    "^": gettext_noop("caret"),
    "~": gettext_noop("tilde"),
    "\x1f": gettext_noop("unit separator"),
    "\x01": gettext_noop("start of heading"),
}


def ask_about_file(path: Path, sheet: Sheet, first: RowBatch) -> Sheet:
    questions = [
        *_encoding(path, sheet),
        *_delimiter(sheet),
        *_workbook(sheet),
        *_header(sheet),
        *_short_rows(sheet, first),
    ]
    notices = [*_flaws(sheet), *_preamble(sheet)]
    return replace(sheet, questions=(*sheet.questions, *questions), notices=(*sheet.notices, *notices))


def _encoding(path: Path, sheet: Sheet) -> list[Question]:
    if sheet.encoding is None or sheet.encoding_confidence >= _SURE_ENCODING or sheet.options.encoding:
        return []
    names = dict.fromkeys((sheet.encoding, *sheet.other_encodings, "cp1252"))
    choices = tuple(Choice(name, Sentence(name), _telling_line(path, name)) for name in names)
    text = gettext_noop("Which of these shows the letters correctly?")
    return [Question("encoding", "encoding", Sentence(text), choices, suggestion=sheet.encoding)]


def _telling_line(path: Path, encoding: str) -> str:
    for line in islice(open_lines(path, encoding), 2000):
        place = next((i for i, char in enumerate(line) if char > "\x7f"), None)
        if place is not None:
            shown = line[max(0, place - 30) : place + 30].strip()
            return shown.encode("utf-8", "replace").decode("utf-8")
    return ""


def _delimiter(sheet: Sheet) -> list[Question]:
    if sheet.delimiter is None or sheet.options.delimiter or sheet.dialect_confidence >= _SURE_DIALECT:
        return []
    signs = dict.fromkeys((sheet.delimiter, *sheet.other_delimiters, ",", ";", "\t"))
    choices = tuple(Choice(sign, Sentence(DELIMITER_NAMES.get(sign, sign))) for sign in signs)
    text = gettext_noop("Which sign separates the columns?")
    return [Question("delimiter", "delimiter", Sentence(text), choices, suggestion=sheet.delimiter)]


def _workbook(sheet: Sheet) -> list[Question]:
    if len(sheet.sheets) <= 1 or sheet.options.sheet:
        return []
    choices = tuple(Choice(name, Sentence("%(name)s", {"name": name})) for name in sheet.sheets)
    text = gettext_noop("The workbook has %(count)s sheets. Which one holds the rows?")
    return [Question("sheet", "sheet", Sentence(text, {"count": len(sheet.sheets)}), choices, suggestion=sheet.sheet)]


def _header(sheet: Sheet) -> list[Question]:
    if sheet.format not in ("csv", "tsv", "workbook") or sheet.options.header_row is not None:
        return []
    if sheet.header_confidence >= (_SURE_HEADER if sheet.header_row else _SURE_NO_HEADER):
        return []
    row = sheet.header_row or sheet.first_row
    choices = (
        Choice(row, Sentence(gettext_noop("Row %(row)s holds the column names"), {"row": row})),
        Choice(0, Sentence(gettext_noop("There are no column names; the first row is data"))),
    )
    text = gettext_noop("Does the first row hold the names of the columns?")
    return [Question("header", "header_row", Sentence(text), choices, suggestion=sheet.header_row or 0)]


def _short_rows(sheet: Sheet, first: RowBatch) -> list[Question]:
    if sheet.format not in ("csv", "tsv") or sheet.options.short_rows == "pad":
        return []
    short = [problem for problem in first.problems if problem.code == "too_few_cells"]
    if not short or len(short) < 0.05 * max(1, len(first)):
        return []
    text = gettext_noop("%(count)s of the first %(rows)s rows have fewer cells than there are columns. What about them?")
    choices = (
        Choice("refuse", Sentence(gettext_noop("Report them as errors"))),
        Choice("pad", Sentence(gettext_noop("Take the missing cells at the end as empty"))),
    )
    values = {"count": len(short), "rows": len(first)}
    examples = tuple(str(problem.number) for problem in short[:3])
    return [Question("short_rows", "short_rows", Sentence(text, values), choices, "refuse", examples=examples)]


def _flaws(sheet: Sheet) -> Sequence[Notice]:
    texts = {
        "undecodable": gettext_noop("Some bytes are not valid %(encoding)s; the rows with them are reported as errors."),
        "nulls": gettext_noop("There are NUL characters in the file; the rows with them are reported as errors."),
    }
    return [Notice(flaw, Sentence(texts[flaw], {"encoding": sheet.encoding})) for flaw in sorted(sheet.flawed)]


def _preamble(sheet: Sheet) -> Sequence[Notice]:
    if not sheet.preamble:
        return []
    text = gettext_noop("%(count)s rows above the column names are left out.")
    return [Notice("preamble", Sentence(text, {"count": len(sheet.preamble)}))]
