"""Notes: written on the profile, read, changed, pinned, removed; their files as downloads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.collaboration.forms import NoteForm
from akrab.collaboration.operations.writing import NoteDraft, edit_note, pin_note, remove_note, write_notes
from akrab.collaboration.queries.notes import get_attachment, get_note, list_notes, notes_of
from akrab.collaboration.queries.people import people_named
from akrab.collaboration.views.pickers import chosen_customers
from akrab.platform.attachments import download, keep
from akrab.platform.operation import require
from akrab.platform.refusal import Invalid, Refusal, StaleVersion
from akrab.platform.web import Request, fragment, page, redirect, toast

EDIT = "collaboration.edit_work"


def index(request: Request) -> HttpResponse:
    words, cursor = request.GET.get("q", ""), request.GET.get("cursor", "")
    found = list_notes(by=request.actor, words=words, cursor=cursor)
    return page(
        request,
        "collaboration/notes.html",
        part="collaboration.note-list",
        notes=found.items,
        words=words,
        next=f"?q={words}&cursor={found.next}" if found.next else "",
        previous=f"?q={words}&cursor={found.previous}" if found.previous else "",
    )


def new(request: Request) -> HttpResponse:
    require(request.actor, EDIT)
    customers = chosen_customers(request.actor, request.GET.getlist("customer"))
    return page(request, "collaboration/note_new.html", form=NoteForm(), customers=customers)


def panel(request: Request, customer_id: UUID) -> HttpResponse:
    """The pinned and the newest notes of a customer."""
    return fragment(
        request,
        "collaboration.customer-notes",
        notes=notes_of(by=request.actor, customer_id=customer_id),
        customer_id=customer_id,
        may_edit=request.actor.may(EDIT),
    )


def composer(request: Request, customer_id: UUID) -> HttpResponse:
    """The form on top of the timeline."""
    return fragment(request, "collaboration.composer", **_composer(customer_id, NoteForm(auto_id="compose-%s"), []))


def create(request: Request) -> HttpResponse:
    """From the composer of a profile, or from the page for a new note."""
    require(request.actor, EDIT)
    form = NoteForm(request.POST, request.FILES, auto_id="compose-%s")
    customer = next(iter(request.POST.getlist("customers")), "")
    about = chosen_customers(request.actor, [customer])
    if form.is_valid() and not about:
        form.add_error(None, _("A note is about a customer."))
    if form.is_valid():
        given = form.cleaned_data
        try:
            files = tuple(keep(one) for one in request.FILES.getlist("files"))
            draft = NoteDraft(
                body=given["body"],
                customer_id=about[0].id,
                visibility=given["visibility"],
                mentioned=tuple(given["mentioned"]),
                files=files,
            )
            write_notes(by=request.actor, notes=[draft], at=now())
        except Refusal as refusal:
            form.add_error(
                None, next(iter(refusal.errors.values()), str(refusal)) if isinstance(refusal, Invalid) else str(refusal)
            )
        else:
            toast(request, _("The note is kept."), undo=True)
            if request.htmx:
                fresh = NoteForm(auto_id="compose-%s")
                return fragment(request, "collaboration.composer", **_composer(about[0].id, fresh, []))
            return redirect(request, "customers:show", about[0].id)
    if request.htmx and about:
        people = _people(request)
        return fragment(request, "collaboration.composer", status=422, **_composer(about[0].id, form, people))
    return page(request, "collaboration/note_new.html", form=form, customers=about, status=422)


def show(request: Request, note_id: UUID) -> HttpResponse:
    note = get_note(by=request.actor, note_id=note_id)
    form = NoteForm(initial={"body": note.body, "visibility": note.visibility})
    people = [{"id": one.pk, "name": str(one)} for one in note.mentioned.all()]
    return page(request, "collaboration/note.html", note=note, form=form, people=people, may_edit=request.actor.may(EDIT))


def update(request: Request, note_id: UUID) -> HttpResponse:
    require(request.actor, EDIT)
    note = get_note(by=request.actor, note_id=note_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            edit_note(
                by=request.actor,
                note_id=note_id,
                body=form.cleaned_data["body"],
                visibility=form.cleaned_data["visibility"],
                mentioned=form.cleaned_data["mentioned"],
                version=int(request.POST.get("version") or 0) or None,
                at=now(),
            )
        except StaleVersion:
            form.add_error(None, _("Somebody changed this note meanwhile; it says now: %(body)s") % {"body": note.body})
        else:
            toast(request, _("Saved."))
            return redirect(request, "collaboration:note", note_id)
    return page(request, "collaboration/note.html", note=note, form=form, people=_people(request), may_edit=True, status=422)


def destroy(request: Request, note_id: UUID) -> HttpResponse:
    note = get_note(by=request.actor, note_id=note_id)
    remove_note(by=request.actor, note_id=note_id, at=now())
    toast(request, _("The note was removed."), undo=True)
    return redirect(request, reverse("customers:show", args=[note.customer_id]) if note.customer_id else "collaboration:notes")


def pin(request: Request, note_id: UUID) -> HttpResponse:
    pin_note(by=request.actor, note_id=note_id, is_pinned=bool(request.POST.get("pin")), at=now())
    return HttpResponse(status=204) if request.htmx else redirect(request, "collaboration:note", note_id)


def attachment(request: Request, attachment_id: UUID) -> Any:
    one = get_attachment(by=request.actor, attachment_id=attachment_id)
    return download(digest=one.digest, name=one.name, media_type=one.media_type)


def _composer(customer_id: UUID, form: NoteForm, people: list[dict[str, Any]]) -> dict[str, Any]:
    return {"customer_id": customer_id, "form": form, "people": people}


def _people(request: Request) -> list[dict[str, Any]]:
    form = NoteForm(request.POST)
    form.is_valid()
    named = people_named(by=request.actor, ids=form.cleaned_data.get("mentioned") or [])
    return [{"id": pk, "name": name} for pk, name in named.items()]
