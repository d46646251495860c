"""The error file of an import: the rejected rows as they were, with the reason in a last column.

It is kept without a language, and made a table like the imported one in the language of whoever asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from akrab.platform.ids import new_id
from akrab.platform.importing.session import READ_BATCH, Session
from akrab.platform.tabular.reading import read_rows
from akrab.platform.tabular.rejects import RejectFile, Writing
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
        writing = Writing.like(session.sheet)
        had_reasons = _has_reasons(session)
        names = [column.original or column.name for column in session.sheet.columns]
        head = {"names": names[:-1] if had_reasons else names, "delimiter": writing.delimiter, "encoding": writing.encoding}
        out.write(json.dumps(head) + "\n")
        for number, cells in _numbered(session):
            if rejected is not None and rejected[0] == number:
                shown = [_plain(cell) for cell in cells[: len(names) - 1 if had_reasons else None]]
                out.write(json.dumps([number, rejected[1], shown]) + "\n")
                rejected = next(rejects, None)
                if rejected is None:
                    break
    return True


def readable(kept: Path) -> Path:
    """The kept rows as a text table in the reader's language, made when it is asked for the first time."""
    if kept.suffix != SUFFIX:
        return kept
    wanted = kept.with_name(f"{kept.stem}.{get_language() or 'en'}.csv")
    if not wanted.exists():
        draft = wanted.with_name(f".{new_id()}.part")
        try:
            try:
                _translate(kept, draft)
            except UnicodeEncodeError:  # a reason has letters that the encoding of the file does not have
                _translate(kept, draft, encoding=Writing().encoding)
            draft.replace(wanted)
        finally:
            draft.unlink(missing_ok=True)
    return wanted


def reason_headings() -> set[str]:
    """What the column of the reasons is called in each language."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.add(_("Reason"))
    return found


def _has_reasons(session: Session) -> bool:
    """Whether the imported file is an error file itself, whose reasons are no longer true."""
    last = session.sheet.columns[-1].name
    used = {name for names in session.plan.columns.values() for name in names}
    return last in reason_headings() - used


def _translate(kept: Path, out: Path, *, encoding: str = "") -> None:
    with kept.open(encoding="utf-8") as lines:
        head = json.loads(next(lines))
        if isinstance(head, list):  # as older versions kept it
            head = {"names": head, "delimiter": Writing().delimiter, "encoding": Writing().encoding}
        writing = Writing(head["delimiter"], encoding or head["encoding"])
        _write(lines, RejectFile(out, head["names"], reason=_("Reason"), writing=writing))


def _write(lines: Iterable[str], out: RejectFile) -> None:
    with out as file:
        for line in lines:
            _number, reasons, cells = json.loads(line)
            file.write([(column, Sentence.from_json(reason).translated()) for column, reason in reasons], cells)


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
