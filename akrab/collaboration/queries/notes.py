"""Notes as people read them: one, those of a customer, a page of all, a file."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from akrab.collaboration.models.notes import Attachment, Note
from akrab.platform.actor import Actor
from akrab.platform.paging import Key, Order, Page, paginate
from akrab.platform.refusal import NotFound

NEWEST = Order((Key("created_at"),), descending=True)


def get_note(*, by: Actor, note_id: UUID) -> Note:
    found = Note.objects.visible_to(by).kept().with_details().filter(pk=note_id).first()
    if found is None:
        raise NotFound
    assert isinstance(found, Note)
    return found


def list_notes(*, by: Actor, customer_id: UUID | None = None, words: str = "", cursor: str = "", size: int = 50) -> Page[Note]:
    """A page of notes, newest first."""
    rows = Note.objects.visible_to(by).kept()
    if customer_id:
        rows = rows.filter(customer_id=customer_id)
    for word in words.split()[:6]:
        rows = rows.filter(body__icontains=word)
    return paginate(rows.with_details(), order=NEWEST, cursor=cursor, size=size)


def notes_of(*, by: Actor, customer_id: UUID, size: int = 4) -> list[Note]:
    """The pinned notes of a customer, then the newest."""
    rows = Note.objects.visible_to(by).kept().filter(customer_id=customer_id).with_details()
    pinned = list(rows.exclude(pinned_at=None).order_by("-pinned_at", "pk")[:10])
    return [*pinned, *rows.filter(pinned_at=None).order_by("-created_at", "-pk")[:size]]


def kept_notes(ids: Sequence[UUID]) -> set[UUID]:
    """Which of these notes were not taken away."""
    return set(Note.objects.kept().filter(pk__in=ids).values_list("pk", flat=True))


def get_attachment(*, by: Actor, attachment_id: UUID) -> Attachment:
    """A file of a note that the actor may see."""
    found = Attachment.objects.filter(pk=attachment_id, note__in=Note.objects.visible_to(by).kept()).first()
    if found is None:
        raise NotFound
    return found
