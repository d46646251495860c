"""The journal as people read it: who did what, field by field, as far as the reader may see it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.timezone import get_current_timezone, make_aware, now

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.journal.declaring import Journalled, declared, thing
from akrab.platform.models import JournalEntry, JournalLeft
from akrab.platform.operation import OPERATIONS, require
from akrab.platform.operations.undoing import UNDO_WITHIN, fields_touched
from akrab.platform.refusal import NotFound
from akrab.platform.rights.fields import shown, uneditable, unreadable
from akrab.platform.rights.limits import is_limited, reachable, where
from akrab.platform.rights.registry import Protected, all_protected

VIEW = "platform.undo_changes"
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One row that an entry touched; `fields` maps a field to what it was and what it became, None where it may not be seen."""

    table: str
    key: tuple[str, ...]
    kind: str
    name: str
    fields: Mapping[str, tuple[Any, Any]] | None


@dataclass(frozen=True, slots=True)
class Doing:
    """One entry; `undone_by` and `undoes` are the entries that took it back or that it took back.

    `deed` is the action that an undo took back or did again.
    """

    id: UUID
    at: datetime
    actor_id: str
    who: str
    entrance: str
    action: str
    subject: str
    subject_id: UUID | None
    label: str
    rows: int
    counts: Mapping[str, int]
    left_out: int
    undoes: UUID | None
    undone_by: UUID | None
    may_undo: bool
    depth: int = 0
    deed: str = ""
    changes: list[Change] = field(default_factory=list)

    @property
    def is_undoing(self) -> bool:
        """Whether undoing this would do something again."""
        return self.depth % 2 == 1


def list_changes(
    *, by: Actor, person: str = "", subject: str = "", on: date | None = None, after: Sequence[Any] = (), limit: int = 50
) -> tuple[list[Doing], list[Any] | None]:
    """Entries after a place, newest first, and the place of the next ones; only of things that the actor may see."""
    require(by, VIEW)
    entries = (
        JournalEntry.objects.filter(may__in=_verbs(by))
        .select_related("undone_by", "undoes__undoes__undoes")
        .order_by("-at", "-id")
    )
    if person:
        entries = entries.filter(actor_id=person)
    if subject:
        entries = entries.filter(subject=subject)
    if on:
        begin = make_aware(datetime.combine(on, time.min), get_current_timezone())
        entries = entries.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
    if after:
        moment, last = datetime.fromisoformat(after[0]), UUID(after[1])
        entries = entries.filter(at__lte=moment).exclude(at=moment, id__gte=last)
    found = list(entries[: limit + 1])
    place = [found[limit - 1].at.isoformat(), str(found[limit - 1].pk)] if len(found) > limit else None
    seen = _within_reach(found[:limit], by=by)
    stopped = _stopped_by_fields(seen, by=by)
    return [_doing(one, by=by, stopped=stopped) for one in seen], place


def get_change(*, by: Actor, entry_id: UUID) -> Doing:
    """One entry with the first of its rows."""
    require(by, VIEW)
    entry = (
        JournalEntry.objects.filter(pk=entry_id, may__in=_verbs(by)).select_related("undone_by", "undoes__undoes__undoes").first()
    )
    if entry is None or not _within_reach([entry], by=by):
        raise NotFound
    doing = _doing(entry, by=by, stopped=_stopped_by_fields([entry], by=by))
    mine, values = _rows_within_reach(by)
    rows = fetch(
        "SELECT r.entry_id, r.relation, r.key, r.owner_id, r.kind, r.before::text, r.after::text FROM platform_journalrow r "
        f"WHERE r.entry_id = %(entry)s{mine} ORDER BY r.seq LIMIT %(most)s",
        {"entry": entry_id, "most": SHOWN, **values},
    )
    doing.changes.extend(change for _entry, change in _changes(rows, by=by))
    return doing


def doing_of_import(*, by: Actor, import_id: UUID) -> Doing | None:
    """What an import did, if it changed anything."""
    require(by, "platform.run_imports")
    entry = (
        JournalEntry.objects.filter(subject="import", subject_id=import_id, depth=0)
        .select_related("undone_by", "undoes__undoes__undoes")
        .first()
    )
    return None if entry is None else _doing(entry, by=by)


def left_of(*, by: Actor, entry_id: UUID, limit: int | None = SHOWN) -> list[JournalLeft]:
    """What an undo left as it is, with the reasons; values of fields that the actor may not see are not in it."""
    get_change(by=by, entry_id=entry_id)
    mine, values = _rows_within_reach(by)
    rows = fetch(
        f"SELECT r.id FROM platform_journalleft r WHERE r.entry_id = %(entry)s{mine} ORDER BY r.id LIMIT %(most)s",
        {"entry": entry_id, "most": limit, **values},
    )
    found = list(JournalLeft.objects.filter(pk__in=[row[0] for row in rows]).order_by("id"))
    for one in found:
        seen = _seen(one.relation, {one.field: (one.before, one.now)}, by=by)
        one.before, one.now = (seen or {}).get(one.field, (None, None))
    return found


def history_of(*, by: Actor, subject: str, subject_id: UUID, limit: int = 30) -> list[Doing]:
    """The latest entries that touched one thing, each with the rows of that thing; the caller checked that it may be seen."""
    rows = fetch(
        "SELECT entry_id, relation, key, owner_id, kind, before::text, after::text FROM platform_journalrow "
        "WHERE owner_id = %s ORDER BY entry_id DESC, seq LIMIT %s",
        [subject_id, SHOWN],
    )
    doings: dict[UUID, Doing] = {}
    known = {
        one.pk: one
        for one in JournalEntry.objects.filter(pk__in={row[0] for row in rows}).select_related(
            "undone_by", "undoes__undoes__undoes"
        )
    }
    entries = list(known.values())
    stopped, seen = _stopped_by_fields(entries, by=by), {one.pk for one in _within_reach(entries, by=by)}
    for one in entries:
        if one.pk not in seen:  # begun at somebody whom the reader may not see
            one.subject, one.subject_id, one.label = "", None, ""
    for entry_id, change in _changes(rows, by=by):
        if entry_id in known and (entry_id in doings or len(doings) < limit):
            doings.setdefault(entry_id, _doing(known[entry_id], by=by, stopped=stopped)).changes.append(change)
    return list(doings.values())


def people_in_journal(*, by: Actor) -> list[tuple[str, str]]:
    """Who did something in the last 90 days: (id, name)."""
    require(by, VIEW)
    return fetch(
        "SELECT actor_id, max(actor_label) FROM platform_journalentry WHERE at > %s GROUP BY actor_id ORDER BY 2, 1 LIMIT 100",
        [now() - timedelta(days=90)],
    )


def _verbs(by: Actor) -> list[str]:
    return sorted({verb for verb in OPERATIONS.values() if by.may(verb)})


def _protected(subject: str) -> Protected | None:
    main = thing(subject)
    return next((one for one in all_protected() if main is not None and one.table == main.table), None)


def _within_reach(entries: Sequence[JournalEntry], *, by: Actor) -> list[JournalEntry]:
    hidden: set[UUID] = set()
    for subject in {one.subject for one in entries}:
        what = _protected(subject)
        if what is not None and is_limited(by, what.name):
            ids = {one.subject_id for one in entries if one.subject == subject and one.subject_id}
            seen = reachable(by, what.name, sorted(ids), with_trash=True)
            hidden |= {one.pk for one in entries if one.subject == subject and one.subject_id not in seen}
    return [one for one in entries if one.pk not in hidden]


def _rows_within_reach(by: Actor) -> tuple[str, dict[str, Any]]:
    """SQL: the row `r` belongs to nothing that is out of the actor's reach; nothing when nothing limits them."""
    conditions = ""
    values: dict[str, Any] = {}
    for place, what in enumerate(one for one in all_protected() if is_limited(by, one.name)):
        tables = [one.table for one in declared().values() if (main := thing(one.subject)) and main.table == what.table]
        if tables:
            inner, more = where(by, what.name, "o", prefix=f"row{place}_", with_trash=True)
            conditions += (
                f" AND (r.relation <> ALL(%(tables{place})s) OR EXISTS (SELECT 1 FROM {what.table} o "
                f"WHERE o.id = r.owner_id AND {inner}))"
            )
            values |= {f"tables{place}": tables, **more}
    return conditions, values


def _stopped_by_fields(entries: Sequence[JournalEntry], *, by: Actor) -> set[UUID]:
    """The entries that the actor cannot undo because they changed a field that the actor may not change."""
    stopped: set[UUID] = set()
    for what in all_protected():
        closed = uneditable(by, what.name)
        if closed and entries:
            touched = fields_touched([one.pk for one in entries], what)
            stopped |= {pk for pk, names in touched.items() if any((f := what.field(one)) and f.name in closed for one in names)}
    return stopped


def _doing(entry: JournalEntry, *, by: Actor, stopped: Collection[UUID] = ()) -> Doing:
    undone_by = getattr(entry, "undone_by", None)
    fresh = undone_by is None and not entry.is_open and not entry.is_final and now() - entry.at <= UNDO_WITHIN
    return Doing(
        id=entry.pk,
        at=entry.at,
        actor_id=entry.actor_id,
        who=entry.actor_label,
        entrance=entry.entrance,
        action=entry.action,
        subject=entry.subject,
        subject_id=entry.subject_id,
        label=entry.label,
        rows=entry.rows,
        counts=entry.counts,
        left_out=entry.left_out,
        undoes=entry.undoes_id,
        undone_by=undone_by.pk if undone_by else None,
        depth=entry.depth,
        deed=_deed(entry),
        may_undo=fresh and by.may(entry.may) and by.may(VIEW) and entry.pk not in stopped,
    )


def _deed(entry: JournalEntry) -> str:
    """The action at the root of an undo, as far as its chain was read."""
    root: JournalEntry | None = entry
    while root is not None and root.depth:
        root = root.undoes if "undoes" in root._state.fields_cache else None
    return root.action if root is not None and root is not entry else ""


def _changes(rows: Sequence[Sequence[Any]], *, by: Actor) -> list[tuple[UUID, Change]]:
    names = _names(rows, by=by)
    told = []
    for entry_id, table, key, _owner, kind, before, after in rows:
        was, became = json.loads(before or "{}"), json.loads(after or "{}")
        fields: Mapping[str, tuple[Any, Any]] | None = {}
        if kind == "u" and after:
            fields = _seen(table, {name: (was[name], became.get(name)) for name in was}, by=by)
        told.append((entry_id, Change(table, tuple(key), kind, names.get((table, tuple(key)), ""), fields)))
    return told


def _seen(table: str, fields: dict[str, tuple[Any, Any]], *, by: Actor) -> dict[str, tuple[Any, Any]] | None:
    """The fields that an actor may see; of a row that belongs to a thing with closed fields, nothing."""
    one = declared().get(table)
    what = _protected(one.subject) if one else None
    if one is None or what is None or not unreadable(by, what.name):
        return fields
    if one.table != what.table:
        return None
    was = shown(by, what.name, {name: pair[0] for name, pair in fields.items()})
    became = shown(by, what.name, {name: pair[1] for name, pair in fields.items()})
    return {name: (was[name], became[name]) for name in fields if name in was}


def _is_closed(one: Journalled, *, by: Actor) -> bool:
    """Whether rows of a table belong to a thing with closed fields, which their names might tell."""
    what = _protected(one.subject)
    return what is not None and one.table != what.table and bool(unreadable(by, what.name))


def _names(rows: Sequence[Sequence[Any]], *, by: Actor) -> dict[tuple[str, tuple[str, ...]], str]:
    """What the rows are called: by the table if they are there, by their image if they were deleted."""
    found: dict[tuple[str, tuple[str, ...]], str] = {}
    for table in {row[1] for row in rows}:
        one = declared().get(table)
        if one is None or not one.label or _is_closed(one, by=by):
            continue
        mine = [row for row in rows if row[1] == table]
        found |= _labels(one, [row[2] for row in mine])
        for _entry, _table, key, _owner, kind, before, _after in mine:
            if kind == "d":
                found.setdefault((table, tuple(key)), str(json.loads(before).get(one.label) or ""))
    return found


def _labels(one: Journalled, keys: Sequence[Sequence[str]]) -> dict[tuple[str, tuple[str, ...]], str]:
    column, kind = one.keys[0]
    rows = fetch(
        f'SELECT "{column}"::text, "{one.label}"::text FROM {one.table} WHERE "{column}" = ANY(%s::{kind}[])',
        [[key[0] for key in keys]],
    )
    return {(one.table, (key,)): name for key, name in rows}
