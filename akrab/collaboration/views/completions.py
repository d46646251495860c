"""A task's completion: creating it says that it is done, deleting it reopens; and the same for many tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akrab.collaboration.forms import BulkForm, CompletionForm
from akrab.collaboration.operations.completing import complete_tasks, reopen_tasks
from akrab.collaboration.operations.editing import edit_tasks, snooze_tasks
from akrab.platform.refusal import Invalid
from akrab.platform.web import Request, fragment, redirect, toast


def create(request: Request, task_id: UUID) -> HttpResponse:
    form = CompletionForm(request.POST)
    if not form.is_valid():
        raise Invalid({name: str(reasons[0]) for name, reasons in form.errors.items()})
    given = form.cleaned_data
    complete_tasks(by=request.actor, task_ids=[task_id], at=now(), outcome=given["outcome"], note=given["note"])
    if not request.htmx:
        toast(request, _("Done."))
        return redirect(request, "collaboration:task", task_id)
    if request.POST.get("stay"):
        return redirect(request, "collaboration:task", task_id)
    return fragment(request, "collaboration.undo", words=_("Done."), ids=[task_id])


def destroy(request: Request, task_id: UUID) -> HttpResponse:
    reopen_tasks(by=request.actor, task_ids=[task_id], at=now())
    return redirect(request, "collaboration:task", task_id)


def reopen(request: Request) -> HttpResponse:
    """Undo from the toast."""
    ids = _ids(request)
    reopen_tasks(by=request.actor, task_ids=ids, at=now())
    toast(request, _("Open again."))
    return HttpResponse(status=204) if request.htmx else redirect(request, "collaboration:tasks")


def snooze(request: Request, task_id: UUID) -> HttpResponse:
    days = int(request.POST.get("days") or 1)
    snooze_tasks(by=request.actor, task_ids=[task_id], until=now() + timedelta(days=min(days, 365)), at=now())
    toast(request, _("Put aside."))
    return redirect(request, "collaboration:task", task_id)


def bulk(request: Request) -> HttpResponse:
    """One action on every ticked task."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        raise Invalid({name: str(reasons[0]) for name, reasons in form.errors.items()})
    ids = form.cleaned_data["ids"]
    _act(request, form.cleaned_data)
    words = ngettext("%(count)s task changed.", "%(count)s tasks changed.", len(ids)) % {"count": len(ids)}
    if form.cleaned_data["action"] == "complete" and request.htmx:
        return fragment(request, "collaboration.undo", words=words, ids=ids)
    toast(request, words)
    return HttpResponse(status=204) if request.htmx else redirect(request, _way_back(request))


def _act(request: Request, given: dict[str, Any]) -> None:
    who: dict[str, Any] = {"by": request.actor, "task_ids": given["ids"], "at": now()}
    match given["action"]:
        case "complete":
            complete_tasks(**who)
        case "reopen":
            reopen_tasks(**who)
        case "snooze":
            snooze_tasks(**who, until=now() + timedelta(days=given["days"] or 1))
        case "assign":
            edit_tasks(**who, changes={"assignee_id": given["assignee"]})
        case "due":
            edit_tasks(**who, changes={"due_on": given["due_on"]})
        case "priority":
            edit_tasks(**who, changes={"priority": given["priority"] or 2})


def _ids(request: Request) -> list[UUID]:
    form = BulkForm({"ids": request.POST.getlist("ids"), "action": "reopen"})
    if not form.is_valid():
        raise Invalid({"ids": _("Choose from the list.")})
    return list(form.cleaned_data["ids"])


def _way_back(request: Request) -> str:
    back = request.POST.get("back", "")
    home = reverse("collaboration:tasks")
    return back if back.startswith(home) else home
