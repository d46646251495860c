"""The file of rows that could not be taken: same columns, with the reason in front, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from akrab.platform.tabular.sheet import Cell
from akrab.platform.tabular.truths import as_text

_FORMULA_SIGNS = frozenset("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")


def harmless(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; real numbers stay as they are."""
    if type(cell) is not str:
        return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else _harmless_text(as_text(cell))
    return _harmless_text(cell)


def _harmless_text(text: str) -> str:
    clean = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    start = clean.lstrip(" \u00a0\ufeff")[:1]
    return "'" + clean if clean[:1] in _FORMULA_SIGNS or start in _FORMULA_SIGNS else clean


class RejectFile(AbstractContextManager["RejectFile"]):
    """Writes as it goes; `count` tells how many rows there are. Begins with a UTF-8 mark so that Excel reads it."""

    def __init__(self, path: Path | str, columns: Sequence[str], *, headings: tuple[str, str, str]) -> None:
        self.path = Path(path)
        self.count = 0
        self._width = len(columns)
        self._file = self.path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([*headings, *map(harmless, columns)])

    def write(self, number: int, reasons: Iterable[tuple[str, str]], cells: Sequence[Cell]) -> None:
        """`reasons` are pairs of column name (or nothing) and sentence."""
        pairs = list(reasons)
        places = "; ".join(dict.fromkeys(column for column, _ in pairs if column))
        texts = "; ".join(f"{column}: {text}" if column else text for column, text in pairs)
        shown = [*cells, *([""] * (self._width - len(cells)))]
        self._writer.writerow([number, *map(harmless, (places, texts, *shown))])
        self.count += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self
