"""The error file of an import: the rejected rows as they were, with the reason in front."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from akrab.platform.importing.session import READ_BATCH, Session
from akrab.platform.tabular.reading import read_rows
from akrab.platform.tabular.rejects import RejectFile
from akrab.platform.tabular.sheet import Row

_REASONS = "SELECT row, col, reason FROM rejects ORDER BY row, col, reason"


def write_error_file(session: Session, path: Path) -> bool:
    """Read the file again and write the rejected rows; False when there are none."""
    session.flush()
    rejects = _rejects(session)
    rejected = next(rejects, None)
    if rejected is None:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    headings = (_("Row"), _("Column"), _("Reason"))
    with RejectFile(path, session.sheet.names, headings=headings) as file:
        for number, cells in _numbered(session):
            if rejected is not None and rejected[0] == number:
                file.write(number, rejected[1], cells)
                rejected = next(rejects, None)
                if rejected is None:
                    break
    return True


def _rejects(session: Session) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    waiting: tuple[int, list[tuple[str, str]]] | None = None
    for rows, columns, reasons in session.spill.batches(_REASONS):
        for row, column, reason in zip(rows, columns, reasons, strict=True):
            if waiting is not None and waiting[0] != row:
                yield waiting
                waiting = None
            if waiting is None:
                waiting = (row, [])
            waiting[1].append((column, reason))
    if waiting is not None:
        yield waiting


def _numbered(session: Session) -> Iterator[tuple[int, Row]]:
    """Good and broken rows together, in the order of the file."""
    for batch in read_rows(session.path, session.sheet, batch=READ_BATCH):
        if not batch.problems:
            yield from zip(batch.numbers, batch.rows, strict=True)
            continue
        both = [*zip(batch.numbers, batch.rows, strict=True), *((p.number, p.cells) for p in batch.problems)]
        yield from sorted(both, key=lambda item: item[0])
