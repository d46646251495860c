"""Undoing: take back what an entry of the journal did, field by field, as an entry of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.importing.progress import runs
from akrab.platform.journal.declaring import declared, thing
from akrab.platform.journal.entries import close_spanning, current
from akrab.platform.journal.restoring import take_back_rows
from akrab.platform.journal_facts import EntryUndone
from akrab.platform.models import JournalEntry
from akrab.platform.operation import operation, require
from akrab.platform.refusal import NotFound, Refusal
from akrab.platform.rights.fields import demand_editable, uneditable
from akrab.platform.rights.limits import demand, is_limited
from akrab.platform.rights.registry import Protected, all_protected

UNDO_WITHIN = timedelta(days=30)


class UndoneAlready(Refusal):
    code = "undone_already"
    message = _("This has been undone already.")


class TooLateToUndo(Refusal):
    code = "too_late_to_undo"
    message = _("Changes can be undone for 30 days; this one is older.")


class StillRunning(Refusal):
    code = "still_running"
    message = _("This is still running. Cancel it, or wait until it has finished.")


class NothingToUndo(Refusal):
    code = "nothing_to_undo"
    message = _("This import changed nothing, or ran before changes were kept for undoing.")


class CannotBeUndone(Refusal):
    code = "cannot_be_undone"
    message = _("Receipts that were taken back cannot be brought back by undoing. Import their file again.")


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: rows restored, removed and brought back, and how many fields or rows it had to leave."""

    entry_id: UUID
    restored: int
    removed: int
    brought_back: int
    left: int


@operation(may="platform.undo_changes", journal=_("Undone: %(subject)s"))
def undo_entry(*, by: Actor, entry_id: UUID, at: datetime) -> Undone:
    """Take back an entry, once, within 30 days; who may do what it did may undo it.

    A field that was changed since keeps its new value, a created row that is in use stays; both are listed with the new
    entry. Undoing an undo does the thing again.
    """
    entry = JournalEntry.objects.select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    require(by, entry.may)
    _demand_all(entry, by=by)
    refuse_if_final(entry, at=at)
    mine = current()
    assert mine is not None
    fetch("SET LOCAL statement_timeout = 0")
    counts = take_back_rows(entry.pk, mine.id, by=by, at=at)
    mine.undoes, mine.may, mine.depth, mine.left_out = entry.pk, entry.may, entry.depth + 1, counts["left"]
    mine.is_final = any(table not in declared() for table in entry.counts)
    mine.more = {"subject": entry.subject, "subject_id": entry.subject_id, "label": entry.label}
    fact = EntryUndone(
        entry_id=entry.pk,
        undo_id=mine.id,
        undone_at=at,
        action=entry.action,
        customer_id=entry.subject_id if entry.subject == "customer" else None,
        about=entry.subject,
        label=entry.label,
        **counts,
    )
    record([fact], by=by)
    return Undone(mine.id, **counts)


@operation(may="platform.run_imports")
def undo_import(*, by: Actor, import_id: UUID, at: datetime) -> Undone:
    """Take back what an import created and changed, also one that failed, was canceled or was killed on its way."""
    entry = JournalEntry.objects.filter(subject="import", subject_id=import_id, depth=0).first()
    if entry is None:
        raise NothingToUndo
    if entry.is_open and not runs(import_id):
        close_spanning(entry.pk)
        if not JournalEntry.objects.filter(pk=entry.pk).exists():
            raise NothingToUndo
    return undo_entry(by=by, entry_id=entry.pk, at=at)


def refuse_if_final(entry: JournalEntry, *, at: datetime) -> None:
    """Refuse an entry that was undone, is too old, still runs, or cannot be undone."""
    if JournalEntry.objects.filter(undoes=entry).exists():
        raise UndoneAlready
    if entry.is_open:
        raise StillRunning
    if entry.is_final:
        raise CannotBeUndone
    if at - entry.at > UNDO_WITHIN:
        raise TooLateToUndo


def _demand_all(entry: JournalEntry, *, by: Actor) -> None:
    """Refuse when one of the things that the entry changed is out of the actor's reach; what is gone stops nobody."""
    for what in all_protected():
        tables = [one.table for one in declared().values() if (main := thing(one.subject)) and main.table == what.table]
        if is_limited(by, what.name, "edit") and set(tables) & set(entry.counts):
            rows = fetch(
                f"SELECT DISTINCT r.owner_id FROM platform_journalrow r JOIN {what.table} t ON t.id = r.owner_id "
                "WHERE r.entry_id = %s AND r.relation = ANY(%s)",
                [entry.pk, tables],
            )
            demand(by, what.name, [row[0] for row in rows], "edit", with_trash=True)
        if uneditable(by, what.name):
            demand_editable(by, what.name, fields_touched([entry.pk], what).get(entry.pk, ()))


def fields_touched(entry_ids: Sequence[UUID], what: Protected) -> dict[UUID, list[str]]:
    """The fields of an object that entries changed; rows that an entry made as a whole are not changes of fields."""
    found: dict[UUID, list[str]] = {}
    for sql, values in _field_reads(what):
        for entry, name in fetch(sql, {"entries": list(entry_ids), **values}):
            found.setdefault(entry, []).append(name)
    return found


def _field_reads(what: Protected) -> Iterator[tuple[str, dict[str, str]]]:
    mine = "r.entry_id = ANY(%(entries)s) AND r.relation = %(table)s"
    yield (
        f"SELECT DISTINCT r.entry_id, jsonb_object_keys(r.before) FROM platform_journalrow r WHERE {mine} AND r.kind = 'u'",
        {"table": what.table},
    )
    for table, column in what.parts.items():
        yield (
            f"SELECT DISTINCT r.entry_id, coalesce(r.before->>%(column)s, t.{column}) FROM platform_journalrow r "
            f"LEFT JOIN {table} t ON t.id::text = r.key[1] "
            f"WHERE {mine} AND coalesce(r.before->>%(column)s, t.{column}) IS NOT NULL AND NOT EXISTS (SELECT 1 "
            "FROM platform_journalrow o WHERE o.entry_id = r.entry_id AND o.relation = %(main)s AND o.kind = 'i' "
            "AND o.owner_id = r.owner_id)",
            {"table": table, "column": column, "main": what.table},
        )
