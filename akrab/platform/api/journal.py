"""The journal over the API: what was done and by whom, and taking it back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.platform.api.lists import Cursor, Limit, listed, read_cursor
from akrab.platform.api.replies import reply
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.queries.journal import Doing, get_change, list_changes

router = Router(tags=["journal"])
Short = Annotated[str, Field(max_length=80)]


class JournalActor(TypedDict):
    id: str
    label: str


class JournalSubject(TypedDict):
    kind: str
    id: UUID | None
    label: str


class JournalEntryOut(TypedDict):
    """One thing that somebody did; `rows` is the number of changed rows, by table in `counts`."""

    id: UUID
    at: datetime
    action: str
    actor: JournalActor
    entrance: str
    subject: JournalSubject
    rows: int
    counts: dict[str, int]
    left: int
    undoes: UUID | None
    undone_by: UUID | None
    may_undo: bool


class ChangedRow(TypedDict):
    """One row; `fields` maps a column to its value before and after, null when the key may not see them."""

    table: str
    key: list[str]
    kind: str
    name: str
    fields: dict[str, list[Any]] | None


class JournalEntryDetail(JournalEntryOut):
    changes: list[ChangedRow]


class JournalPage(TypedDict):
    items: list[JournalEntryOut]
    next: str | None


class UndoneOut(TypedDict):
    """What the undo did, in rows; `left` is what stays as it is, and is listed with `entry_id`."""

    entry_id: UUID
    restored: int
    removed: int
    brought_back: int
    left: int


@router.get("/journal", response=JournalPage, summary="List changes")
def index(
    request: Any, limit: Limit = 50, cursor: Cursor = "", actor: Short = "", subject: Short = "", on: date | None = None
) -> HttpResponse:
    """What people and programs did, newest first: by actor, by kind of thing, by day."""
    found, place = list_changes(
        by=request.actor, person=actor, subject=subject, on=on, after=read_cursor("journal", cursor), limit=limit
    )
    return reply(listed([entry_out(one) for one in found], "journal", place))


@router.get("/journal/{uuid:entry_id}", response=JournalEntryDetail, summary="Read a change")
def show(request: Any, entry_id: UUID) -> HttpResponse:
    """One entry with the first 200 rows that it changed."""
    doing = get_change(by=request.actor, entry_id=entry_id)
    rows = [
        {
            "table": one.table,
            "key": list(one.key),
            "kind": {"i": "created", "u": "changed", "d": "deleted"}[one.kind],
            "name": one.name,
            "fields": None if one.fields is None else {name: list(pair) for name, pair in one.fields.items()},
        }
        for one in doing.changes
    ]
    return reply({**entry_out(doing), "changes": rows})


@router.post("/journal/{uuid:entry_id}:undo", response=UndoneOut, summary="Undo a change")
def undo(request: Any, entry_id: UUID) -> HttpResponse:
    """Takes back what an entry did, within 30 days; a field that was changed since keeps its new value."""
    done = undo_entry(by=request.actor, entry_id=entry_id, at=now())
    names = ("entry_id", "restored", "removed", "brought_back", "left")
    return reply({name: getattr(done, name) for name in names})


def entry_out(doing: Doing) -> dict[str, Any]:
    return {
        "id": doing.id,
        "at": doing.at,
        "action": doing.action,
        "actor": {"id": doing.actor_id, "label": doing.who},
        "entrance": doing.entrance,
        "subject": {"kind": doing.subject, "id": doing.subject_id, "label": doing.label},
        "rows": doing.rows,
        "counts": dict(doing.counts),
        "left": doing.left_out,
        "undoes": doing.undoes,
        "undone_by": doing.undone_by,
        "may_undo": doing.may_undo,
    }
