"""Changes: what people did, entry by entry; one entry in full; taking it back."""

from __future__ import annotations

import csv
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akrab.platform.api.lists import read_cursor, write_cursor
from akrab.platform.jobs import undo_queued_entry
from akrab.platform.journal.declaring import declared, title_of_table
from akrab.platform.journal.telling import REASONS, as_date, field_title, shown_value, tell_entry
from akrab.platform.operations.undoing import Undone, undo_entry
from akrab.platform.queries.journal import get_change, left_of, list_changes, people_in_journal
from akrab.platform.web import Request, page, redirect, toast

AT_ONCE = 2_000


def index(request: Request) -> HttpResponse:
    """The journal, newest first, by person, kind of thing and day."""
    chosen = {name: request.GET.get(name, "") for name in ("person", "subject", "on")}
    found, place = list_changes(
        by=request.actor,
        person=chosen["person"],
        subject=chosen["subject"],
        on=as_date(chosen["on"]),
        after=read_cursor("changes", request.GET.get("cursor", "")),
        limit=30,
    )
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in chosen.items() if value})
    if place:
        query["cursor"] = write_cursor("changes", place)
    subjects = {one.subject: one.title for one in declared().values() if one.owner in {one.keys[0][0], ""}}
    return page(
        request,
        "platform/changes.html",
        part="platform.change-list",
        entries=[tell_entry(one) for one in found],
        next=f"?{query.urlencode()}" if place else "",
        people=[("", _("Everybody")), *people_in_journal(by=request.actor)],
        subjects=[("", _("Everything")), *subjects.items(), ("import", _("Imports"))],
        chosen=chosen,
    )


def show(request: Request, entry_id: UUID) -> HttpResponse:
    told = tell_entry(get_change(by=request.actor, entry_id=entry_id))
    left = left_of(by=request.actor, entry_id=entry_id) if told.doing.left_out else []
    return page(
        request,
        "platform/change.html",
        entry=told,
        left=[
            {
                "what": title_of_table(one.relation),
                "key": ", ".join(one.key),
                "field": field_title(one.relation, one.field) if one.field else "",
                "before": shown_value(one.relation, one.field, one.before) if one.field else "",
                "now": shown_value(one.relation, one.field, one.now) if one.field else "",
                "reason": REASONS.get(one.reason, one.reason),
            }
            for one in left
        ],
    )


def undo(request: Request, entry_id: UUID) -> HttpResponse:
    """Take an entry back; a large one in the background."""
    doing = get_change(by=request.actor, entry_id=entry_id)
    if doing.rows > AT_ONCE:
        with transaction.atomic():
            undo_queued_entry.defer(entry_id=str(entry_id), user_id=request.actor.id)
        toast(request, _("This is large; it is being undone in the background. The result appears under Changes."), tone="info")
        return redirect(request, _way_back(request, entry_id))
    done = undo_entry(by=request.actor, entry_id=entry_id, at=now())
    said = in_words(done, again=doing.is_undoing)
    again = get_change(by=request.actor, entry_id=done.entry_id).may_undo
    toast(request, said, tone="warning" if done.left else "success", undo=again, again=not doing.is_undoing)
    if done.left:
        return redirect(request, "platform:change", done.entry_id)
    return redirect(request, _way_back(request, entry_id))


def in_words(done: Undone, *, again: bool = False) -> str:
    """What an undo came to; undoing an undo does the thing again."""
    if not done.left:
        return _("Done again.") if again else _("Undone.")
    said = ngettext("Undone. %(count)s thing stays as it is.", "Undone. %(count)s things stay as they are.", done.left)
    return said % {"count": done.left}


def left(request: Request, entry_id: UUID) -> HttpResponse:
    """What an undo had to leave, as a file."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="left-{entry_id}.csv"'
    response.write("\ufeff")
    lines = csv.writer(response)
    lines.writerow(["table", "key", "field", "before", "now", "reason"])
    for one in left_of(by=request.actor, entry_id=entry_id, limit=None):
        values = [one.relation, " ".join(one.key), one.field, *(_plain(value) for value in (one.before, one.now)), one.reason]
        lines.writerow(values)
    return response


def _plain(value: object) -> str:
    """A value that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _way_back(request: Request, entry_id: UUID) -> str:
    """The page that the undo was asked from."""
    back = request.POST.get("back", "")
    return back if back and url_has_allowed_host_and_scheme(back, None) else reverse("platform:change", args=[entry_id])
