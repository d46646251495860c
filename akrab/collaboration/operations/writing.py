"""Writing notes: new ones, changed ones, pinned ones, removed ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.collaboration.facts import NoteEdited, NotePinned, NoteRemoved, NoteWritten
from akrab.collaboration.models.notes import Attachment, Mention, Note
from akrab.collaboration.operations.opening import LOUD, refuse_strangers, refuse_unknown_people
from akrab.collaboration.queries.people import NOBODY, person_of
from akrab.platform.actor import Actor
from akrab.platform.attachments import Kept
from akrab.platform.facts import record
from akrab.platform.journal.entries import current
from akrab.platform.operation import operation
from akrab.platform.prose import to_plain
from akrab.platform.refusal import Invalid, NotFound, StaleVersion

LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDraft:
    """What is to be written down, about a customer or about another thing."""

    body: str
    customer_id: UUID | None = None
    subject_kind: str = ""
    subject_id: UUID | None = None
    visibility: str = Note.Visibility.INTERNAL.value
    mentioned: tuple[UUID, ...] = ()
    files: tuple[Kept, ...] = ()
    pinned: bool = False


@operation(may="collaboration.edit_work", journal=_("Kept a note about %(subject)s"))
def write_notes(*, by: Actor, notes: Sequence[NoteDraft], at: datetime) -> list[NoteWritten]:
    """Keep notes; whoever one names is told."""
    _check(notes, by=by)
    author = person_of(by)
    made = [
        Note(
            body=draft.body.strip(),
            customer_id=draft.customer_id,
            subject_kind=draft.subject_kind,
            subject_id=draft.subject_id,
            visibility=draft.visibility,
            author_id=None if author == NOBODY else author,
            author_name=by.label,
            pinned_at=at if draft.pinned else None,
            created_at=at,
        )
        for draft in notes
    ]
    Note.objects.bulk_create(made)
    pairs = list(zip(made, notes, strict=True))
    Mention.objects.bulk_create(
        Mention(note=note, user_id=one) for note, draft in pairs for one in dict.fromkeys(draft.mentioned)
    )
    Attachment.objects.bulk_create(
        Attachment(note=note, name=one.name, media_type=one.media_type, size=one.size, digest=one.digest, added_at=at)
        for note, draft in pairs
        for one in draft.files
    )
    facts = [
        NoteWritten(
            note_id=note.pk,
            written_at=at,
            excerpt=to_plain(note.body),
            visibility=note.visibility,
            files=len(draft.files),
            mentioned=[str(one) for one in dict.fromkeys(draft.mentioned)],
            customer_id=note.customer_id,
            by_id=str(author),
            is_quiet=by.entrance == "import" or len(notes) > LOUD,
        )
        for note, draft in pairs
    ]
    record(facts, by=by)
    _name_entry(made)
    return facts


@operation(may="collaboration.edit_work")
def edit_note(
    *,
    by: Actor,
    note_id: UUID,
    body: str,
    at: datetime,
    visibility: str = "",
    version: int | None = None,
    mentioned: Iterable[UUID] | None = None,
) -> NoteEdited:
    """Change what a note says; refused when `version` is not current."""
    note = _lock(note_id, by=by)
    if version is not None and version != note.version:
        raise StaleVersion
    wanted = visibility or note.visibility
    people = None if mentioned is None else tuple(mentioned)
    _check([NoteDraft(body=body, subject_id=note_id, visibility=wanted, mentioned=people or ())], by=by)
    before = set(Mention.objects.filter(note=note).values_list("user_id", flat=True))
    named = before if people is None else set(people)
    Mention.objects.filter(note=note).exclude(user_id__in=named).delete()
    Mention.objects.bulk_create(Mention(note=note, user_id=one) for one in named - before)
    note.body, note.visibility, note.edited_at = body.strip(), wanted, at
    note.version += 1
    note.save(update_fields=["body", "visibility", "edited_at", "version"])
    fact = NoteEdited(
        note_id=note.pk,
        edited_at=at,
        excerpt=to_plain(note.body),
        visibility=note.visibility,
        mentioned=sorted(str(one) for one in named - before),
        customer_id=note.customer_id,
        by_id=str(person_of(by)),
    )
    record([fact], by=by)
    return fact


@operation(may="collaboration.edit_work")
def pin_note(*, by: Actor, note_id: UUID, is_pinned: bool, at: datetime) -> NotePinned:
    """Put a note on top of its customer, or take it from there."""
    note = _lock(note_id, by=by)
    note.pinned_at = at if is_pinned else None
    note.save(update_fields=["pinned_at"])
    fact = NotePinned(note_id=note.pk, pinned_at=at, is_pinned=is_pinned)
    record([fact], by=by)
    return fact


@operation(may="collaboration.edit_work", journal=_("Removed a note about %(subject)s"))
def remove_note(*, by: Actor, note_id: UUID, at: datetime) -> NoteRemoved:
    """Take a note out of sight; it can be put back."""
    note = _lock(note_id, by=by)
    note.removed_at = at
    note.save(update_fields=["removed_at"])
    fact = NoteRemoved(note_id=note.pk, removed_at=at, customer_id=note.customer_id)
    record([fact], by=by)
    _name_entry([note])
    return fact


def _name_entry(notes: Sequence[Note]) -> None:
    """The entry of the journal is about the customer of its notes, so that the rules about customers hold for it."""
    entry = current()
    if entry is None or entry.spanning or {note.customer_id for note in notes} != {notes[0].customer_id}:
        return
    if customer := notes[0].customer:
        entry.more = {"subject": "customer", "subject_id": customer.pk, "label": customer.display_name[:300]}


def _lock(note_id: UUID, *, by: Actor) -> Note:
    note = Note.objects.visible_to(by).kept().select_for_update().filter(pk=note_id).first()
    if note is None:
        raise NotFound
    assert isinstance(note, Note)
    return note


def _check(notes: Sequence[NoteDraft], *, by: Actor) -> None:
    if any(not draft.body.strip() for draft in notes):
        raise Invalid({"body": str(_("Write something first."))})
    if any(len(draft.body) > LONGEST for draft in notes):
        raise Invalid({"body": str(_("A note has at most 20,000 characters."))})
    if any(draft.visibility not in Note.Visibility.values for draft in notes):
        raise Invalid({"visibility": str(_("Choose from the list."))})
    if any(draft.customer_id is None and draft.subject_id is None for draft in notes):
        raise Invalid({"customer": str(_("A note is about a customer."))})
    refuse_strangers(by=by, customer_ids={draft.customer_id for draft in notes if draft.customer_id})
    refuse_unknown_people({one for draft in notes for one in draft.mentioned})
