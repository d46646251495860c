"""Calls, meetings and visits: one of them, and the forms to plan, log and change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from akrab.collaboration.forms import ActivityForm, HoldForm
from akrab.collaboration.models.activities import Activity
from akrab.collaboration.operations.meeting import ActivityDraft, add_activities, cancel_activity, change_activity, hold_activity
from akrab.collaboration.queries.agenda import get_activity
from akrab.collaboration.queries.people import people_named, person_of
from akrab.collaboration.views.pickers import chosen_customers, ids_of
from akrab.platform.operation import require
from akrab.platform.prose import to_html
from akrab.platform.refusal import Invalid, StaleVersion
from akrab.platform.web import Request, page, redirect, toast

EDIT = "collaboration.edit_work"


def new(request: Request) -> HttpResponse:
    require(request.actor, EDIT)
    moment = localtime(now(), request.actor.tzinfo)
    kind = request.GET.get("kind", "")
    start = {
        "kind": kind if kind in Activity.Kind.values else "meeting",
        "starts_on": request.GET.get("on") or moment.date(),
        "starts_time": moment.replace(minute=0, second=0, microsecond=0).time(),
        "status": request.GET.get("status") or "planned",
    }
    form = ActivityForm(initial=start)
    return _form(request, form, customers=request.GET.getlist("customer"), people=[person_of(request.actor)])


def create(request: Request) -> HttpResponse:
    require(request.actor, EDIT)
    form = ActivityForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            draft = ActivityDraft(
                **form.values(),
                status=given["status"] or "planned",
                zone=request.actor.zone,
                customer_ids=tuple(given["customers"]),
                people_ids=tuple(given["attendees"]),
            )
            (fact, *_others) = add_activities(by=request.actor, activities=[draft], at=now())
        except Invalid as refusal:
            _show_errors(form, refusal)
        else:
            back = request.POST.get("back", "")
            toast(request, _("Saved."))
            return redirect(
                request, back if back.startswith("/customers/") else reverse("collaboration:activity", args=[fact.activity_id])
            )
    return _form(request, form, customers=request.POST.getlist("customers"), people=request.POST.getlist("attendees"), status=422)


def show(request: Request, activity_id: UUID) -> HttpResponse:
    activity = get_activity(by=request.actor, activity_id=activity_id)
    return page(
        request,
        "collaboration/activity.html",
        activity=activity,
        customers=list(activity.customers.all()),
        people=list(activity.people.all()),
        notes=to_html(activity.notes) if activity.notes else "",
        hold=HoldForm(initial={"minutes": activity.minutes or None, "notes": activity.notes, "outcome": activity.outcome}),
        may_edit=request.actor.may(EDIT),
    )


def edit(request: Request, activity_id: UUID) -> HttpResponse:
    require(request.actor, EDIT)
    activity = get_activity(by=request.actor, activity_id=activity_id)
    names = ("kind", "title", "place", "starts_on", "starts_time", "minutes", "days", "rrule", "outcome", "notes", "is_incoming")
    form = ActivityForm(initial={name: getattr(activity, name) for name in (*names, "status")}, rule=activity.rrule)
    return _form(
        request,
        form,
        activity=activity,
        customers=[one.pk for one in activity.customers.all()],
        people=[one.pk for one in activity.people.all()],
    )


def update(request: Request, activity_id: UUID) -> HttpResponse:
    require(request.actor, EDIT)
    activity = get_activity(by=request.actor, activity_id=activity_id)
    form = ActivityForm(request.POST, rule=activity.rrule)
    if form.is_valid():
        try:
            change_activity(
                by=request.actor,
                activity_id=activity_id,
                changes=form.values(),
                customer_ids=form.cleaned_data["customers"],
                people_ids=form.cleaned_data["attendees"],
                version=int(request.POST.get("version") or 0) or None,
                at=now(),
            )
        except Invalid as refusal:
            _show_errors(form, refusal)
        except StaleVersion as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect(request, "collaboration:activity", activity_id)
    return _form(
        request,
        form,
        activity=activity,
        customers=request.POST.getlist("customers"),
        people=request.POST.getlist("attendees"),
        status=422,
    )


def hold(request: Request, activity_id: UUID) -> HttpResponse:
    form = HoldForm(request.POST)
    if not form.is_valid():
        raise Invalid({name: str(reasons[0]) for name, reasons in form.errors.items()})
    hold_activity(by=request.actor, activity_id=activity_id, at=now(), **form.cleaned_data)
    toast(request, _("Saved."))
    return redirect(request, "collaboration:activity", activity_id)


def cancel(request: Request, activity_id: UUID) -> HttpResponse:
    cancel_activity(by=request.actor, activity_id=activity_id, at=now())
    toast(request, _("Canceled."))
    return redirect(request, "collaboration:activity", activity_id)


def _form(
    request: Request, form: ActivityForm, *, activity: Activity | None = None, customers: Any, people: Any, status: int = 200
) -> HttpResponse:
    named = people_named(by=request.actor, ids=ids_of(people))
    return page(
        request,
        "collaboration/activity_form.html",
        form=form,
        activity=activity,
        people=[{"id": pk, "name": name} for pk, name in named.items()],
        customers=chosen_customers(request.actor, customers),
        status=status,
    )


def _show_errors(form: ActivityForm, refusal: Invalid) -> None:
    for name, reason in refusal.errors.items():
        form.add_error(name if name in form.fields else None, reason)
