"""The outline of a file: format, encoding, separator, names of the columns and where the rows begin."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from akrab.platform.tabular.cards import CARD_COLUMNS
from akrab.platform.tabular.columnar import parquet_head
from akrab.platform.tabular.dialects import detect_dialect
from akrab.platform.tabular.encodings import detect_encoding
from akrab.platform.tabular.headers import HeaderGuess, clean_name, detect_header, unique_names
from akrab.platform.tabular.jsonlines import sample_keys
from akrab.platform.tabular.lines import open_lines
from akrab.platform.tabular.records import Dialect, read_records
from akrab.platform.tabular.sentences import TabularError, gettext_noop
from akrab.platform.tabular.sheet import Cell, Column, Format, Options, Row, RowBatch, Sheet
from akrab.platform.tabular.workbooks import first_batch, open_head

_HEAD_ROWS = 1000
_HEAD_LINES = 400
_HEAD_SIZE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outline:
    """A sheet whose columns are not yet judged; with its first rows where they came along for free."""

    sheet: Sheet
    first: RowBatch | None = None


def outline_text(path: Path, options: Options) -> Outline:
    encoding = detect_encoding(path, options.encoding)
    lines = list(_head_lines(path, encoding.name))
    _refuse_binary(lines, encoding.flaws)
    delimiter = _delimiter(options.delimiter) or _declared(lines)
    wanted = Dialect(delimiter, options.quote, options.escape) if delimiter else None
    guess = detect_dialect(lines, wanted, suffix=path.suffix.lower())
    dialect = Dialect(guess.dialect.delimiter, options.quote or guess.dialect.quote, options.escape or guess.dialect.escape)
    records = [
        (number, tuple(cells) if isinstance(cells, list) else (cells.text,)) for number, cells in read_records(lines, dialect)
    ]
    header, columns_source = _header(records, options)
    names, notices = unique_names(columns_source, _width(records, header, columns_source))
    first = records[header.first][0] if header.first < len(records) else (records[-1][0] + 1 if records else 1)
    sheet = Sheet(
        format="tsv" if dialect.delimiter == "\t" else "csv",
        suffix="",
        columns=_columns(names, columns_source),
        options=options,
        encoding=encoding.name,
        encoding_confidence=encoding.confidence,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.escape,
        dialect_confidence=guess.confidence,
        header_row=records[header.index][0] if header.index is not None else None,
        header_confidence=header.confidence,
        first_row=first,
        preamble=tuple(row for _, row in records[: header.index if header.index is not None else header.first]),
        flawed=encoding.flaws,
        notices=tuple(notices),
        other_encodings=encoding.others,
        other_delimiters=guess.others,
    )
    return Outline(sheet)


def outline_workbook(path: Path, options: Options) -> Outline:
    head = open_head(path, options.sheet, rows=_HEAD_ROWS)
    records = list(enumerate(head.rows[:_HEAD_LINES], start=1))
    header, source = _header(records, options)
    width = max((len(row) for row in head.rows), default=0)
    names, notices = unique_names(source, max(width, len(source)))
    sheet = Sheet(
        format="workbook",
        suffix="",
        columns=_columns(names, source),
        options=options,
        sheet=head.sheet,
        sheets=head.sheets,
        header_row=header.index + 1 if header.index is not None else None,
        header_confidence=header.confidence,
        first_row=header.first + 1,
        preamble=tuple(head.rows[: header.index if header.index is not None else header.first]),
        row_count=None if head.row_count is None else max(0, head.row_count - header.first),
        notices=tuple(notices),
    )
    return Outline(sheet, first_batch(head.rows, sheet))


def outline_jsonlines(path: Path, options: Options) -> Outline:
    encoding = detect_encoding(path, options.encoding)
    keys, _ = sample_keys(path, encoding.name, lines=_HEAD_ROWS)
    names, notices = unique_names(keys, len(keys))
    return _headless("ndjson", [Column(i, n, k) for i, (n, k) in enumerate(zip(names, keys, strict=True))], options,
                     encoding=encoding.name, encoding_confidence=encoding.confidence, flawed=encoding.flaws,
                     notices=tuple(notices))  # fmt: skip


def outline_parquet(path: Path, options: Options) -> Outline:
    columns, count = parquet_head(path)
    names, notices = unique_names(columns, len(columns))
    return _headless("parquet", _columns(names, columns), options, row_count=count, notices=tuple(notices))


def outline_cards(path: Path, options: Options) -> Outline:
    encoding = detect_encoding(path, options.encoding)
    return _headless("vcard", _columns(CARD_COLUMNS, CARD_COLUMNS), options, encoding=encoding.name,
                     encoding_confidence=encoding.confidence, flawed=encoding.flaws)  # fmt: skip


def _headless(kind: Format, columns: Sequence[Column], options: Options, **more: object) -> Outline:
    return Outline(Sheet(kind, "", tuple(columns), options, header_row=None, first_row=1, **more))  # type: ignore[arg-type]


def _head_lines(path: Path, encoding: str) -> Iterator[str]:
    """Some lines, or fewer when they are long."""
    size = 0
    for line in islice(open_lines(path, encoding), _HEAD_LINES):
        yield line
        size += len(line)
        if size > _HEAD_SIZE:
            return


def _columns(names: Sequence[str], source: Sequence[Cell]) -> tuple[Column, ...]:
    return tuple(
        Column(index, name, clean_name(source[index]) if index < len(source) else "") for index, name in enumerate(names)
    )


def _header(records: Sequence[tuple[int, Row]], options: Options) -> tuple[HeaderGuess, Row]:
    rows = [row for _, row in records]
    if options.header_row is None:
        guess = detect_header(rows)
    elif options.header_row == 0:
        first = next((i for i, row in enumerate(rows) if any(str(cell or "").strip() for cell in row)), 0)
        guess = HeaderGuess(None, first, 1.0)
    else:
        index = next((i for i, (number, _) in enumerate(records) if number == options.header_row), None)
        if index is None:
            raise TabularError(
                "no_such_row",
                gettext_noop("Row %(row)s cannot hold the column names: it is not among the first rows of the file."),
                row=options.header_row,
            )
        guess = HeaderGuess(index, index + 1, 1.0)
    return guess, rows[guess.index] if guess.index is not None else ()


def _width(records: Sequence[tuple[int, Row]], header: HeaderGuess, names: Row) -> int:
    """The header decides; without one, the usual number of cells does."""
    body = [len(row) for _, row in records[header.first :] if any(str(cell or "").strip() for cell in row)]
    if not names:
        return max(set(body), key=lambda width: (body.count(width), width)) if body else 0
    width = len(names)
    while width > 1 and not str(names[width - 1] or "").strip() and not _has_values(records, header.first, width - 1):
        width -= 1
    usual = max(set(body), key=lambda size: (body.count(size), size)) if body else width
    has_more = usual > width and body.count(usual) >= 0.8 * len(body) and _has_values(records, header.first, usual - 1)
    return usual if has_more else width


def _has_values(records: Sequence[tuple[int, Row]], first: int, index: int) -> bool:
    return any(len(row) > index and str(row[index] or "").strip() for _, row in records[first:])


def _declared(lines: Sequence[str]) -> str | None:
    """Spreadsheet programs put a first line like `sep=;` on top of some files."""
    match = re.fullmatch(r"\ufeff?\"?sep=(.)\"?\s*", lines[0]) if lines else None
    return match[1] if match else None


def _delimiter(name: str | None) -> str | None:
    if name is None:
        return None
    named = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
    found = named.get(name.lower(), name)
    if len(found) != 1 or found in '\r\n"':
        raise TabularError(
            "unknown_delimiter",
            gettext_noop("“%(name)s” cannot be a separator. Give one sign, or the word tab."),
            name=name,
        )
    return found


def _refuse_binary(lines: Sequence[str], flaws: frozenset[str]) -> None:
    """Text has next to no control characters; a picture or a program is full of them."""
    text = "".join(lines)[:20_000]
    if not text.strip("\ufeff \t\r\n\x00"):
        raise TabularError("empty_file", gettext_noop("The file is empty. Choose a file with at least one row."))
    controls = sum(
        1
        for char in text
        if (char < " " and char not in "\t\r\n\x1f\x01") or char == "\x7f" or "\udc80" <= char <= "\udcff" or char == "\ufffd"
    )
    if controls > 0.1 * len(text) and (flaws or controls > 0.3 * len(text)):
        raise TabularError(
            "binary_file",
            gettext_noop("This is no text and no workbook. Choose a CSV, TSV, XLSX, ODS, NDJSON, Parquet or vCard file."),
        )
