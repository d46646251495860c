"""Reconciliation: what each till counted for a day beside what arrived here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from akrab.commerce.forms import ClosingForm
from akrab.commerce.models import Branch
from akrab.commerce.operations.closing import Closing, note_closings, remove_closing
from akrab.commerce.queries.catalog import DayRow, closing_days
from akrab.commerce.queries.shelves import all_branches
from akrab.platform import money
from akrab.platform.refusal import Forbidden, NotFound, Refusal
from akrab.platform.web import Request, page, redirect, toast

USUAL, LONGEST = timedelta(days=6), timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Compared:
    """A branch and day with the till's word beside ours; `missing` and `gap` are None until the till has spoken.

    `gap` is what arrived less what the till counted: below zero when something is missing here.
    """

    day: DayRow
    branch: str
    branch_id: UUID
    missing: int | None
    gap: int | None

    @property
    def state(self) -> str:
        if self.missing is None:
            return "open"
        return "differs" if self.missing or self.gap else "agrees"


def index(request: Request) -> HttpResponse:
    branches = all_branches(by=request.actor)
    code = request.GET.get("branch", "") or (branches[0].code if branches else "")
    asked = _day(request.GET.get("note", ""))
    day = asked or min(_day(request.GET.get("until", "")) or localdate(), localdate())
    noted = _noted(request, code, day) if asked else {}
    return _page(request, branches, ClosingForm(branches=branches, initial={"branch": code, "business_on": day, **noted}))


def create(request: Request) -> HttpResponse:
    branches = all_branches(by=request.actor)
    form = ClosingForm(request.POST, branches=branches)
    if form.is_valid():
        clean = form.cleaned_data
        total = money.to_minor(clean["total"], clean["currency"])
        closing = Closing(clean["branch"], clean["business_on"], clean["receipts"], total, clean["currency"])
        try:
            note_closings(by=request.actor, closings=[closing], at=now())
        except Forbidden:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Noted."), undo=True)
            day = clean["business_on"].isoformat()
            return redirect(request, f"{reverse('commerce:reconciliation')}?since={day}&until={day}")
    return _page(request, branches, form, status=422)


def destroy(request: Request) -> HttpResponse:
    """Take away what was noted for a branch and day."""
    day = _day(request.POST.get("business_on", ""))
    if day is None:
        raise NotFound
    code, currency = request.POST.get("branch", ""), request.POST.get("currency", "")
    remove_closing(by=request.actor, branch=code, business_on=day, currency=currency, at=now())
    toast(request, _("Removed."), undo=True)
    return redirect(request, f"{reverse('commerce:reconciliation')}?since={day}&until={day}")


def _noted(request: Request, branch: str, day: date) -> dict[str, Any]:
    """What is noted for a branch and day already, as the form shows it."""
    for one in closing_days(by=request.actor, since=day, until=day, branch=branch):
        if one.till_total is not None and request.GET.get("currency", one.currency) == one.currency:
            total = money.to_decimal(one.till_total, one.currency)
            return {"receipts": one.till_receipts, "total": total, "currency": one.currency}
    return {}


def _page(request: Request, branches: list[Branch], form: ClosingForm, *, status: int = 200) -> HttpResponse:
    until = _day(request.GET.get("until", "")) or localdate()
    since = max(_day(request.GET.get("since", "")) or until - USUAL, until - LONGEST)
    branch = request.GET.get("branch", "")
    days = closing_days(by=request.actor, since=since, until=until, branch=branch or None)
    named = {one.code: one for one in branches}
    groups = _groups(days, named)
    mispaid = [_compared(one, named[one.branch]) for one in reversed(days) if one.mispaid]
    if request.GET.get("only") == "differences":
        groups = [group for group in groups if group[0] != "agrees"]
    return page(
        request,
        "commerce/reconciliation.html",
        status=status,
        form=form,
        groups=groups,
        mispaid=mispaid,
        since=since,
        until=until,
        branch=branch,
        only=request.GET.get("only", ""),
        may_note=request.actor.may("commerce.record_receipts"),
        branches=[("", _("All branches")), *((one.code, one.name) for one in branches)],
    )


def _groups(days: list[DayRow], branches: dict[str, Branch]) -> list[tuple[str, str, list[Compared]]]:
    """What differs, then what no till has spoken about, then what agrees; the latest day first."""
    titles = {"differs": _("Differs from the till"), "open": _("The till's figures are not noted"), "agrees": _("Agrees")}
    compared = [_compared(one, branches[one.branch]) for one in reversed(days)]
    groups = [(state, title, [one for one in compared if one.state == state]) for state, title in titles.items()]
    return [group for group in groups if group[2]]


def _compared(day: DayRow, branch: Branch) -> Compared:
    if day.till_receipts is None or day.till_total is None:
        return Compared(day, branch.name, branch.pk, None, None)
    return Compared(day, branch.name, branch.pk, day.till_receipts - day.receipts, day.total - day.till_total)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and 1900 < day.year < 9000 else None
