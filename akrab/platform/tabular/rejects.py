"""The file of rows that could not be taken: as they were, with the reason in a last column, safe to open in a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from akrab.platform.tabular.formulas import harmless
from akrab.platform.tabular.sheet import Cell, Sheet

_NEGATIVE = re.compile(r"-\d[\d.,]*")
_SAFE_DELIMITERS = frozenset(",;\t|")


@dataclass(frozen=True, slots=True)
class Writing:
    """How a file is written; as a table for spreadsheets when nothing else is known."""

    delimiter: str = ","
    encoding: str = "utf-8-sig"

    @classmethod
    def like(cls, sheet: Sheet) -> "Writing":
        """As a text table was, as far as reasons can be written so."""
        if sheet.encoding is None or sheet.delimiter not in _SAFE_DELIMITERS:
            return cls()
        return cls(sheet.delimiter, sheet.encoding)


class RejectFile(AbstractContextManager["RejectFile"]):
    """Writes as it goes; `count` tells how many rows there are."""

    def __init__(self, path: Path | str, columns: Sequence[str], *, reason: str, writing: Writing | None = None) -> None:
        writing = writing or Writing()
        self.path = Path(path)
        self.count = 0
        self._width = len(columns)
        self._file = self.path.open("w", encoding=writing.encoding, newline="")
        self._writer = csv.writer(self._file, delimiter=writing.delimiter)
        self._writer.writerow([*map(harmless, columns), reason])

    def write(self, reasons: Iterable[tuple[str, str]], cells: Sequence[Cell]) -> None:
        """`reasons` are pairs of column name (or nothing) and sentence."""
        text = "; ".join(f"{column}: {text}" if column else text for column, text in reasons)
        shown = [*cells, *([""] * (self._width - len(cells)))]
        self._writer.writerow([*map(_harmless, shown), harmless(text)])
        self.count += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self


def _harmless(cell: Cell) -> Cell:
    """A number below zero that is written as text stays a number."""
    return cell if type(cell) is str and _NEGATIVE.fullmatch(cell) else harmless(cell)
