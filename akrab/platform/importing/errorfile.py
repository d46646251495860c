"""The error file of an import: the rejected rows as they were, with the reason in front.

It is kept without a language, and made a table for a spreadsheet in the language of whoever asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from akrab.platform.ids import new_id
from akrab.platform.importing.session import READ_BATCH, Session
from akrab.platform.tabular.reading import read_rows
from akrab.platform.tabular.rejects import RejectFile
from akrab.platform.tabular.sentences import Sentence
from akrab.platform.tabular.sheet import Cell, Row
from akrab.platform.tabular.truths import as_text

SUFFIX = ".ndjson"
_REASONS = "SELECT row, col, reason FROM rejects ORDER BY row, col, reason"


def keep_errors(session: Session, path: Path) -> bool:
    """Read the file again and keep the rejected rows with their reasons; False when there are none."""
    session.flush()
    rejects = _rejects(session)
    rejected = next(rejects, None)
    if rejected is None:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        out.write(json.dumps(session.sheet.names) + "\n")
        for number, cells in _numbered(session):
            if rejected is not None and rejected[0] == number:
                out.write(json.dumps([number, rejected[1], [_plain(cell) for cell in cells]]) + "\n")
                rejected = next(rejects, None)
                if rejected is None:
                    break
    return True


def readable(kept: Path) -> Path:
    """The kept rows as CSV in the reader's language, made when it is asked for the first time."""
    if kept.suffix != SUFFIX:
        return kept
    wanted = kept.with_name(f"{kept.stem}.{get_language() or 'en'}.csv")
    if not wanted.exists():
        draft = wanted.with_name(f".{new_id()}.part")
        try:
            _translate(kept, draft)
            draft.replace(wanted)
        finally:
            draft.unlink(missing_ok=True)
    return wanted


def _translate(kept: Path, out: Path) -> None:
    headings = (_("Row"), _("Column"), _("Reason"))
    with kept.open(encoding="utf-8") as lines, RejectFile(out, json.loads(next(lines)), headings=headings) as file:
        for line in lines:
            number, reasons, cells = json.loads(line)
            file.write(number, [(column, Sentence.from_json(reason).translated()) for column, reason in reasons], cells)


def _plain(cell: Cell) -> Cell:
    return cell if type(cell) in {int, float, str} else as_text(cell)


def _rejects(session: Session) -> Iterator[tuple[int, list[tuple[str, Any]]]]:
    waiting: tuple[int, list[tuple[str, Any]]] | None = None
    for rows, columns, reasons in session.spill.batches(_REASONS):
        for row, column, reason in zip(rows, columns, reasons, strict=True):
            if waiting is not None and waiting[0] != row:
                yield waiting
                waiting = None
            if waiting is None:
                waiting = (row, [])
            waiting[1].append((column, json.loads(reason)))
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
