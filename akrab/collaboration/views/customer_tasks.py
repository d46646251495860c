"""The open tasks of a customer: a panel to look at, and to add one in a line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now

from akrab.collaboration.forms import TaskForm
from akrab.collaboration.operations.opening import TaskDraft, open_tasks
from akrab.collaboration.queries.people import person_of
from akrab.collaboration.queries.tasks import tasks_of
from akrab.collaboration.views.rows import rows_of
from akrab.platform.operation import require
from akrab.platform.web import Request, answer, fragment

EDIT = "collaboration.edit_work"


def index(request: Request, customer_id: UUID) -> HttpResponse:
    return fragment(request, "collaboration.customer-tasks", **_shown(request, customer_id, _fresh(request)))


def create(request: Request, customer_id: UUID) -> HttpResponse:
    require(request.actor, EDIT)
    form = TaskForm(request.POST, zone=request.actor.tzinfo)
    if not form.is_valid():
        return fragment(request, "collaboration.customer-tasks", status=422, **_shown(request, customer_id, form))
    values = {**form.values(), "assignee_id": form.cleaned_data["assignee"] or person_of(request.actor)}
    open_tasks(by=request.actor, tasks=[TaskDraft(**values, customer_ids=(customer_id,))], at=now())
    to = reverse("customers:show", args=[customer_id])
    return answer(request, "collaboration.customer-tasks", to=to, **_shown(request, customer_id, _fresh(request)))


def _fresh(request: Request) -> TaskForm:
    return TaskForm(zone=request.actor.tzinfo, auto_id="customer-task-%s")


def _shown(request: Request, customer_id: UUID, form: TaskForm) -> dict[str, Any]:
    tasks = tasks_of(by=request.actor, customer_id=customer_id)
    return {
        "rows": rows_of(tasks, request.actor, now()),
        "customer_id": customer_id,
        "form": form,
        "may_edit": request.actor.may(EDIT),
    }
