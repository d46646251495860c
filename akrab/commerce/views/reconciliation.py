"""Reconciliation: what each till counted for a day beside what arrived here."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from akrab.commerce.forms import ClosingForm
from akrab.commerce.models import Branch
from akrab.commerce.operations.closing import Closing, note_closings
from akrab.commerce.queries.catalog import DayRow, closing_days
from akrab.commerce.queries.shelves import all_branches
from akrab.platform.web import Request, page, redirect, toast

LONGEST = timedelta(days=92)


def index(request: Request) -> HttpResponse:
    return _page(request, ClosingForm(branches=all_branches(by=request.actor), initial={"business_on": localdate()}))


def create(request: Request) -> HttpResponse:
    form = ClosingForm(request.POST, branches=all_branches(by=request.actor))
    if form.is_valid():
        clean = form.cleaned_data
        closing = Closing(clean["branch"], clean["business_on"], clean["receipts"], form.minor("total") or 0, clean["currency"])
        note_closings(by=request.actor, closings=[closing], at=now())
        toast(request, _("Noted."))
        day = clean["business_on"].isoformat()
        return redirect(request, f"{reverse('commerce:reconciliation')}?since={day}&until={day}")
    return _page(request, form, status=422)


def _page(request: Request, form: ClosingForm, *, status: int = 200) -> HttpResponse:
    until = _day(request.GET.get("until", "")) or localdate()
    since = max(_day(request.GET.get("since", "")) or until - timedelta(days=6), until - LONGEST)
    branch = request.GET.get("branch", "")
    days = closing_days(by=request.actor, since=since, until=until, branch=branch or None)
    places = {one.code: one for one in all_branches(by=request.actor)}
    rows = [_row(one, places) for one in days]
    if request.GET.get("only") == "differences":
        rows = [row for row in rows if row["state"] != "agrees"]
    return page(
        request, "commerce/reconciliation.html", status=status, form=form, rows=rows[::-1], since=since, until=until,
        branch=branch, only=request.GET.get("only", ""), may_note=request.actor.may("commerce.record_receipts"),
        branches=[("", _("All branches")), *form.fields["branch"].choices],  # type: ignore[attr-defined]
        differing=sum(row["state"] == "differs" for row in rows),
    )


def _row(day: DayRow, places: dict[str, Branch]) -> dict[str, object]:
    noted = day.till_receipts is not None and day.till_total is not None
    missing = (day.till_receipts or 0) - day.receipts if noted else None
    gap = (day.till_total or 0) - day.total if noted else None
    state = "open" if not noted else "agrees" if not missing and not gap else "differs"
    return {"branch": places.get(day.branch), "day": day, "missing": missing, "gap": gap, "state": state}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
