"""Rows of one file parsed into canonical texts and kept on disk until the whole file was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from akrab.platform.importing.cells import SEPARATOR, ColumnReader, parser
from akrab.platform.importing.session import Session
from akrab.platform.tabular.problems import ParseProblem
from akrab.platform.tabular.sheet import Column, RowBatch

_ORDERED = "SELECT row, text FROM staged ORDER BY row"


class Staging:
    """Staged rows carry one text per mapped column, in the order of `names`; rows with unreadable cells are rejected."""

    def __init__(self, session: Session, kinds: Mapping[str, str]) -> None:
        self._session = session
        self._readers: list[tuple[str, Column, ColumnReader]] = [
            (name, column, ColumnReader(parser(kinds[name], column)))
            for name in session.plan.columns
            for column in session.columns(name)
        ]
        self.names = [name for name, _column, _reader in self._readers]
        session.spill.create("staged", "row BIGINT, text VARCHAR")

    def add(self, batch: RowBatch) -> None:
        if not batch.rows:
            return
        cells = list(zip(*batch.rows, strict=True))
        texts = [reader.read(cells[column.index]) for _name, column, reader in self._readers]
        broken = self._reject_broken(batch, texts)
        numbers: list[int] = batch.numbers
        if broken:
            good = [index for index in range(len(numbers)) if index not in broken]
            numbers = [numbers[index] for index in good]
            texts = [[column[index] for index in good] for column in texts]
        if numbers:
            joined = list(map(SEPARATOR.join, zip(*texts, strict=True)))
            self._session.spill.append("staged", {"row": numbers, "text": joined})

    def _reject_broken(self, batch: RowBatch, texts: list[list[object]]) -> set[int]:
        broken: set[int] = set()
        for (_name, column, reader), values in zip(self._readers, texts, strict=True):
            if not reader.problems:
                continue
            for index, value in enumerate(values):
                if isinstance(value, ParseProblem):
                    row, reason = batch.numbers[index], value.sentence
                    if index in broken:
                        self._session.note(row, reason, column.name)
                    else:
                        self._session.reject(row, reason, column.name)
                    broken.add(index)
        return broken

    def parts(self, size: int) -> Iterator[list[tuple[int, str]]]:
        """The staged rows in the order of the file, as (row, texts joined by the separator)."""
        part: list[tuple[int, str]] = []
        for rows, texts in self._session.spill.batches(_ORDERED):
            part += zip(rows, texts, strict=True)
            while len(part) >= size:
                yield part[:size]
                del part[:size]
        if part:
            yield part
