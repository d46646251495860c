"""Notes over the API: list, read, write, change, remove."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.collaboration.models.notes import Note
from akrab.collaboration.operations.writing import NoteDraft, edit_note, remove_note, write_notes
from akrab.collaboration.queries.notes import get_note, list_notes
from akrab.platform.actor import Actor
from akrab.platform.api.lists import Cursor, Limit
from akrab.platform.api.replies import reply, wanted_version
from akrab.platform.api.shapes import Input, Text
from akrab.platform.operation import require

router = Router(tags=["notes"])
Visibility = Literal["internal", "partner", "customer"]


class NoteIn(Input):
    """A note about a customer, in a subset of Markdown; who is mentioned is told."""

    customer_id: UUID
    body: Annotated[Text, Field(min_length=1, max_length=20000)]
    visibility: Visibility = "internal"
    mentioned: Annotated[list[UUID], Field(max_length=50)] = []
    pinned: bool = False


class NoteChange(Input):
    """What the note says now."""

    body: Annotated[Text, Field(min_length=1, max_length=20000)]
    visibility: Visibility | None = None
    mentioned: Annotated[list[UUID], Field(max_length=50)] | None = None


class NoteOut(TypedDict):
    id: UUID
    customer_id: UUID | None
    body: str
    visibility: Visibility
    author_id: UUID | None
    author: str
    mentioned: list[UUID]
    files: list[str]
    pinned: bool
    created_at: datetime
    edited_at: datetime | None
    version: int


class NotePage(TypedDict):
    items: list[NoteOut]
    next: str | None


@router.get("/notes", response=NotePage, summary="List notes")
def index(
    request: Any,
    limit: Limit = 50,
    cursor: Cursor = "",
    q: Annotated[str, Field(max_length=200)] = "",
    customer_id: UUID | None = None,
) -> HttpResponse:
    """Newest first."""
    require(request.actor, "collaboration.view_work")
    found = list_notes(by=request.actor, customer_id=customer_id, words=q, cursor=cursor, size=limit)
    return reply({"items": [_out(one) for one in found.items], "next": found.next or None})


@router.post("/notes", response={201: NoteOut}, summary="Write a note")
def create(request: Any, body: NoteIn) -> HttpResponse:
    """Shows on the timeline of its customer; who is mentioned gets a notification."""
    draft = NoteDraft(
        body=body.body,
        customer_id=body.customer_id,
        visibility=body.visibility,
        mentioned=tuple(body.mentioned),
        pinned=body.pinned,
    )
    (fact,) = write_notes(by=request.actor, notes=[draft], at=now())
    return _answer(request.actor, fact.note_id, status=201)


@router.get("/notes/{uuid:note_id}", response=NoteOut, summary="Read a note")
def show(request: Any, note_id: UUID) -> HttpResponse:
    """One note; the ETag is its version."""
    return _answer(request.actor, note_id)


@router.patch("/notes/{uuid:note_id}", response=NoteOut, summary="Change a note")
def update(request: Any, note_id: UUID, body: NoteChange) -> HttpResponse:
    """With If-Match only if the note still has that version (else 412)."""
    edit_note(
        by=request.actor,
        note_id=note_id,
        body=body.body,
        visibility=body.visibility or "",
        mentioned=body.mentioned,
        version=wanted_version(request),
        at=now(),
    )
    return _answer(request.actor, note_id)


@router.delete("/notes/{uuid:note_id}", response={204: None}, summary="Remove a note")
def destroy(request: Any, note_id: UUID) -> HttpResponse:
    """Takes a note out of sight."""
    remove_note(by=request.actor, note_id=note_id, at=now())
    return HttpResponse(status=204)


def _answer(by: Actor, note_id: UUID, *, status: int = 200) -> HttpResponse:
    note = get_note(by=by, note_id=note_id)
    location = f"/api/v1/notes/{note_id}" if status == 201 else ""
    return reply(_out(note), status=status, version=note.version, location=location)


def _out(note: Note) -> dict[str, Any]:
    same = ("customer_id", "body", "visibility", "author_id", "created_at", "edited_at", "version")
    return {
        "id": note.pk,
        "author": str(note.author) if note.author else note.author_name,
        "mentioned": [one.pk for one in note.mentioned.all()],
        "files": [one.name for one in note.attachments.all()],
        "pinned": note.pinned_at is not None,
        **{name: getattr(note, name) for name in same},
    }
