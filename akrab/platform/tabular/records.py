"""Records of a delimited text, where a broken quote costs one record and never the rest of the file."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from akrab.platform.tabular.formulas import MARK, without_mark

LINES_PER_RECORD = 500


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text is written; a space stands for any run of spaces, None for one single column."""

    delimiter: str | None
    quote: str | None = '"'
    escape: str | None = None


@dataclass(frozen=True, slots=True)
class BrokenQuote:
    """In place of the cells of a record whose quotes do not close."""

    text: str


class _TooManyLinesError(Exception):
    pass


class _Tape:
    """Hands out lines and remembers those of the current record, so that they can be read again."""

    __slots__ = ("_lines", "_replayed", "taken")

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._replayed: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._replayed.popleft() if self._replayed else next(self._lines)
        self.taken.append(line)
        if len(self.taken) > LINES_PER_RECORD:
            raise _TooManyLinesError
        return line

    def rewind_to_second_line(self) -> None:
        self._replayed.extendleft(reversed(self.taken[1:]))


def read_records(lines: Iterable[str], dialect: Dialect) -> Iterator[tuple[int, list[str] | BrokenQuote]]:
    """Each record with the number of its first line, its texts as they were before a writer made them harmless.

    Blank lines are empty records.
    """
    if dialect.delimiter == " ":
        yield from ((number, line.split()) for number, line in enumerate(lines, start=1))
        return
    tape = _Tape(lines)
    reader = _reader(tape, dialect)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooManyLinesError):
            if not tape.taken:
                raise
            yield number, BrokenQuote(tape.taken[0].rstrip("\r\n"))
            tape.rewind_to_second_line()
            reader = _reader(tape, dialect)
            number += 1
        else:
            yield number, list(map(without_mark, cells)) if MARK in "".join(tape.taken) else cells
            number += len(tape.taken)
        tape.taken.clear()


def _reader(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter or "\x1f",
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape,
        doublequote=dialect.escape is None,
        skipinitialspace=True,
        strict=True,
    )
