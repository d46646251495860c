"""Journal entries: while one is open, the triggers of journalled tables note every changed row under it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import Error, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.ids import new_id
from akrab.platform.journal.declaring import declared, thing

Words = str | Promise
ACTIONS: dict[str, Words] = {"platform.undo_entry": _("Undone: %(subject)s"), "platform.import": _("Imported %(subject)s")}
"""What each journalled action is called; `%(subject)s` is what it was done to."""


@dataclass(slots=True)
class Entry:
    """An open entry; a spanning one lasts through several transactions."""

    id: UUID
    spanning: bool = False
    undoes: UUID | None = None
    may: str = ""
    depth: int = 0
    is_final: bool = False
    left_out: int = 0
    more: dict[str, Any] = field(default_factory=dict)


_open: ContextVar[Entry | None] = ContextVar("journal_entry", default=None)
_latest: ContextVar[UUID | None] = ContextVar("journal_latest", default=None)
_months: set[str] = set()


def current() -> Entry | None:
    """The entry that changes are noted under, if one is open."""
    return _open.get()


def latest() -> UUID | None:
    """The entry of the last journalled operation in this context; None when that changed nothing."""
    return _latest.get()


@contextmanager
def noting(*, by: Actor, action: str, may: str, words: Words = "") -> Iterator[None]:
    """Inside the transaction of an operation: note its changes as one entry, or under the entry that is open already."""
    entry = _open.get()
    if entry is not None:
        if entry.spanning:
            _arm(entry.id)
        yield
        return
    if not words:
        yield
        return
    entry = Entry(new_id(), may=may)
    token = _open.set(entry)
    _latest.set(None)
    try:
        _arm(entry.id)
        yield
        noted = _close(entry.id)
    finally:
        _open.reset(token)
    _write(entry, noted, by=by, action=action)


@contextmanager
def spanning(*, by: Actor, action: str, may: str, subject: str, subject_id: UUID, label: str) -> Iterator[Entry]:
    """Note what follows, in however many transactions, as one entry.

    It is there from the start, so that what a killed run left can be undone too.
    """
    entry = Entry(new_id(), spanning=True, may=may)
    with transaction.atomic():
        _insert(entry, by=by, action=action, subject=subject, subject_id=subject_id, label=label, is_open=True)
    token = _open.set(entry)
    try:
        yield entry
    except BaseException:
        _open.reset(token)
        with suppress(Error):
            close_spanning(entry.id)
        raise
    _open.reset(token)
    close_spanning(entry.id)


def close_spanning(entry_id: UUID) -> None:
    """Count what a spanning entry noted; one that changed nothing goes away."""
    with transaction.atomic():
        noted = _close(entry_id)
        if noted.rows:
            fetch(
                "UPDATE platform_journalentry SET is_open = false, rows = %s, counts = %s::jsonb WHERE id = %s",
                [noted.rows, json.dumps(noted.counts), entry_id],
            )
        else:
            fetch("DELETE FROM platform_journalentry WHERE id = %s", [entry_id])


def note_created(table: str, keys: Sequence[UUID]) -> None:
    """Note rows of a table without triggers as created by the open entry, if there is one."""
    entry = _open.get()
    if entry is not None and keys:
        fetch(
            "INSERT INTO platform_journalrow (entry_id, relation, key, owner_id, kind) "
            "SELECT %s, %s, ARRAY[id::text], id, 'i' FROM unnest(%s::uuid[]) AS n(id)",
            [entry.id, table, list(keys)],
        )


def note_changed(table: str, images: str, parameters: Sequence[Any]) -> None:
    """Note rows of a table without triggers as changed; `images` is SQL that gives (uuid key, image before as jsonb)."""
    entry = _open.get()
    if entry is not None:
        fetch(
            "INSERT INTO platform_journalrow (entry_id, relation, key, owner_id, kind, before) "
            f"SELECT %s, %s, ARRAY[n.id::text], n.id, 'u', n.before FROM ({images}) AS n(id, before)",
            [entry.id, table, *parameters],
        )


def _arm(entry_id: UUID) -> None:
    """Wake the triggers of this transaction for an entry."""
    month = datetime.fromtimestamp((entry_id.int >> 80) / 1000, UTC).strftime("%Y-%m-01")
    if month in _months:
        fetch("SELECT set_config('akrab.journal', %s, true)", [str(entry_id)])
        return
    fetch("SELECT platform_ensure_journal_month(%s), set_config('akrab.journal', %s, true)", [month, str(entry_id)])
    transaction.on_commit(lambda: _months.add(month))


@dataclass(frozen=True, slots=True)
class _Noted:
    """How many rows of each table an entry noted, and whose: the first and the last of their owners."""

    counts: dict[str, int]
    first: str | None
    last: str | None

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    @property
    def owner(self) -> UUID | None:
        """The one whose rows all of them are."""
        return UUID(self.first) if self.first and self.first == self.last else None


def _close(entry_id: UUID) -> _Noted:
    """Let the triggers sleep, and say what they noted."""
    found = fetch(
        "SELECT relation, count(*), min(owner_id::text), max(owner_id::text) FROM platform_journalrow WHERE entry_id = %s "
        "GROUP BY relation UNION ALL SELECT set_config('akrab.journal', '', true), 0, NULL, NULL ORDER BY 1",
        [entry_id],
    )[1:]
    firsts, lasts = ([row[place] for row in found if row[place]] for place in (2, 3))
    return _Noted({row[0]: row[1] for row in found}, min(firsts, default=None), max(lasts, default=None))


def _write(entry: Entry, noted: _Noted, *, by: Actor, action: str) -> None:
    if not noted.rows and entry.undoes is None:
        return
    about = {**_subject(entry, noted), **entry.more}
    _insert(entry, by=by, action=action, rows=noted.rows, counts=noted.counts, **about)
    _latest.set(entry.id)


_NAME = (
    "left(COALESCE((SELECT {label}::text FROM {table} WHERE {key} = %s), "
    "(SELECT before->>%s FROM platform_journalrow WHERE entry_id = %s AND relation = %s AND kind = 'd'), ''), 300)"
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A value that the statement itself looks up."""

    sql: str
    parameters: Sequence[Any]


def _subject(entry: Entry, noted: _Noted) -> dict[str, Any]:
    """What an entry is about: the one thing that all its rows belong to, by the name that it has, or had when it went."""
    one, owner = declared().get(next(iter(noted.counts), "")), noted.owner
    if one is None:
        return {}
    if owner is None:
        return {"subject": one.subject}
    main = thing(one.subject)
    if main is None or not main.label:
        return {"subject": one.subject, "subject_id": owner}
    name = _NAME.format(label=main.label, table=main.table, key=main.keys[0][0])
    return {"subject": one.subject, "subject_id": owner, "label": _Asked(name, [owner, main.label, entry.id, main.table])}


def _insert(entry: Entry, *, by: Actor, action: str, **values: Any) -> None:
    given = {
        "id": entry.id,
        "at": datetime.now(UTC),
        "actor_kind": by.kind,
        "actor_id": by.id,
        "actor_label": by.label,
        "entrance": by.entrance,
        "action": action,
        "may": entry.may,
        "undoes_id": entry.undoes,
        "depth": entry.depth,
        "is_final": entry.is_final,
        "left_out": entry.left_out,
        "rows": 0,
        "counts": {},
        "subject": "",
        "subject_id": None,
        "label": "",
        "is_open": False,
        **values,
    }
    given["counts"] = json.dumps(given["counts"])
    asked = [one if isinstance(one, _Asked) else _Asked("%s", [one]) for one in given.values()]
    fetch(
        f"INSERT INTO platform_journalentry ({', '.join(given)}) VALUES ({', '.join(one.sql for one in asked)})",
        [value for one in asked for value in one.parameters],
    )
