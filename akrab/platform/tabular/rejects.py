"""The file of rows that could not be taken: same columns, with the reason in front, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from akrab.platform.tabular.formulas import harmless
from akrab.platform.tabular.sheet import Cell


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
