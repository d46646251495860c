"""Settings: the working hours of the company, its holidays, and days that differ."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from akrab.collaboration.forms import CalendarDayForm, CalendarForm, intervals_of, intervals_text
from akrab.collaboration.operations.scheduling import set_calendar, set_day
from akrab.collaboration.queries.calendars import company_calendar, days_of
from akrab.platform.operation import require
from akrab.platform.refusal import Invalid, Refusal
from akrab.platform.web import Request, page, redirect, toast
from akrab.platform.working_time import holidays_of

MANAGE = "collaboration.manage_calendars"


def show(request: Request) -> HttpResponse:
    calendar = company_calendar(by=request.actor)
    start: dict[str, Any] = {
        "name": calendar.name or _("Office hours"),
        "zone_name": calendar.zone,
        "country": calendar.country,
        "with_joint_leave": calendar.with_joint_leave,
        **{f"day{index}": intervals_text(day) for index, day in enumerate(calendar.week)},
    }
    return _page(request, CalendarForm(initial=start), CalendarDayForm())


def update(request: Request) -> HttpResponse:
    require(request.actor, MANAGE)
    form = CalendarForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            set_calendar(
                by=request.actor,
                name=given["name"],
                zone_name=given["zone_name"],
                week=form.week(),
                country=given["country"].upper(),
                with_joint_leave=given["with_joint_leave"],
                at=now(),
            )
        except Refusal as refusal:
            errors = refusal.errors if isinstance(refusal, Invalid) else {"zone_name": str(refusal)}
            for name, reason in errors.items():
                form.add_error(name if name in form.fields else None, reason)
        else:
            toast(request, _("Saved."))
            return redirect(request, "collaboration:working_hours")
    return _page(request, form, CalendarDayForm(), status=422)


def add_day(request: Request) -> HttpResponse:
    require(request.actor, MANAGE)
    calendar = company_calendar(by=request.actor)
    form = CalendarDayForm(request.POST)
    if calendar._state.adding:
        raise Invalid({"name": _("Save the working hours first.")})
    if form.is_valid():
        given = form.cleaned_data
        hours = None if request.POST.get("remove") else intervals_of(given["hours"])
        try:
            set_day(by=request.actor, calendar_id=calendar.pk, on=given["on"], hours=hours, name=given["name"], at=now())
        except Invalid as refusal:
            form.add_error("hours", next(iter(refusal.errors.values())))
        else:
            toast(request, _("Saved."))
            return redirect(request, "collaboration:working_hours")
    return _page(request, CalendarForm(initial={}), form, status=422)


def _page(request: Request, form: CalendarForm, day_form: CalendarDayForm, status: int = 200) -> HttpResponse:
    calendar = company_calendar(by=request.actor)
    today = localdate()
    known: dict[Any, str] = {}
    if calendar.country:
        for year in (today.year, today.year + 1):
            known |= holidays_of(calendar.country, year, with_joint_leave=calendar.with_joint_leave)
    return page(
        request,
        "collaboration/working_hours.html",
        form=form,
        day_form=day_form,
        days=[] if calendar._state.adding else days_of(by=request.actor, calendar_id=calendar.pk),
        holidays=[(on, name) for on, name in sorted(known.items()) if on >= today][:12],
        may_manage=request.actor.may(MANAGE),
        status=status,
    )
