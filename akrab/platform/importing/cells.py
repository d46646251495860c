"""Cells of a column into canonical texts, each distinct cell parsed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from akrab.platform.tabular.dates import parse_day, parse_local
from akrab.platform.tabular.numbers import parse_decimal
from akrab.platform.tabular.problems import ParseProblem, is_blank
from akrab.platform.tabular.sheet import Cell, Column
from akrab.platform.tabular.truths import as_text, parse_boolean

SEPARATOR = "\x1f"
_REMEMBERED = 50_000

Parser = Callable[[Cell], str | ParseProblem]


class ColumnReader(dict[Cell, Any]):
    """Remembers what each distinct cell means; `problems` tells whether any cell could not be read."""

    def __init__(self, parse: Parser) -> None:
        super().__init__()
        self._parse = parse
        self.problems = False

    def __missing__(self, cell: Cell) -> str | ParseProblem:
        if len(self) >= _REMEMBERED:
            self.clear()
        value = self._parse(cell)
        if type(value) is ParseProblem:
            self.problems = True
        self[cell] = value
        return value

    def read(self, cells: Sequence[Cell]) -> list[Any]:
        return list(map(self.__getitem__, cells))


def parser(kind: str, column: Column, *, required: bool = False, longest: int = 4000) -> Parser:
    """How cells of a column become canonical text; a blank cell is an empty text unless it is required."""
    read = _PARSERS.get(kind, _text)

    def parse(cell: Cell) -> str | ParseProblem:
        if is_blank(cell):
            return ParseProblem("blank_value") if required else ""
        value = read(cell, column)
        return value[:longest] if type(value) is str else value

    return parse


def _text(cell: Cell, column: Column) -> str:
    text = as_text(cell)
    return text if text.isprintable() else "".join(c for c in text if c not in "\x1f\x00")


def _decimal(cell: Cell, column: Column) -> str | ParseProblem:
    value = parse_decimal(cell, column.numbers)
    return value if isinstance(value, ParseProblem) else f"{value.normalize():f}" if value else "0"


def _day(cell: Cell, column: Column) -> str | ParseProblem:
    value = parse_day(cell, column.dates)
    return value if isinstance(value, ParseProblem) else value.isoformat()


def _moment(cell: Cell, column: Column) -> str | ParseProblem:
    value = parse_local(cell, column.dates)
    return value if isinstance(value, ParseProblem) else value.isoformat()


def _time(cell: Cell, column: Column) -> str | ParseProblem:
    text = _text(cell, column)
    try:
        datetime.fromisoformat(f"2000-01-01T{text}")
    except ValueError:
        return ParseProblem("not_a_time", text)
    return text


def _boolean(cell: Cell, column: Column) -> str | ParseProblem:
    value = parse_boolean(cell)
    return value if isinstance(value, ParseProblem) else "1" if value else ""


_PARSERS: dict[str, Callable[[Cell, Column], str | ParseProblem]] = {
    "decimal": _decimal,
    "money": _decimal,
    "integer": _decimal,
    "date": _day,
    "moment": _moment,
    "time": _time,
    "boolean": _boolean,
}
