"""Tasks over the API: list, read, open, change, complete, reopen, batch."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field, TypeAdapter

from akrab.collaboration.api.shapes import (
    CompletionIn,
    TaskChange,
    TaskIn,
    TaskKind,
    TaskOut,
    TaskPage,
    task_changes,
    task_draft,
    task_out,
)
from akrab.collaboration.operations.completing import complete_tasks, reopen_tasks
from akrab.collaboration.operations.editing import edit_task
from akrab.collaboration.operations.opening import open_tasks
from akrab.collaboration.queries.tasks import TaskChoice, get_task, list_tasks
from akrab.platform.actor import Actor
from akrab.platform.api.bodies import batch
from akrab.platform.api.document import batch_of
from akrab.platform.api.lists import Cursor, Limit
from akrab.platform.api.replies import reply, wanted_version
from akrab.platform.api.shapes import BatchResult, ItemResult, batch_result, item_result
from akrab.platform.operation import require
from akrab.platform.refusal import Invalid, Refusal

router = Router(tags=["tasks"])
ITEM: TypeAdapter[TaskIn] = TypeAdapter(TaskIn)


@router.get("/tasks", response=TaskPage, summary="List tasks")
def index(
    request: Any,
    limit: Limit = 50,
    cursor: Cursor = "",
    q: Annotated[str, Field(max_length=200)] = "",
    state: Literal["open", "overdue", "today", "week", "snoozed", "done"] = "open",
    assignee_id: UUID | None = None,
    customer_id: UUID | None = None,
    kind: TaskKind | None = None,
) -> HttpResponse:
    """Open tasks, those due first on top; done ones newest first."""
    choice = TaskChoice(state=state, assignee_id=assignee_id, customer_id=customer_id, kind=kind or "", words=q)
    found = list_tasks(by=request.actor, choice=choice, at=now(), cursor=cursor, size=limit)
    return reply({"items": [task_out(one) for one in found.items], "next": found.next or None})


@router.post("/tasks", response={201: TaskOut}, summary="Open a task")
def create(request: Any, body: TaskIn) -> HttpResponse:
    """Somebody has something to do; it shows on the timeline of its customers."""
    (fact, *_others) = open_tasks(by=request.actor, tasks=[task_draft(body)], at=now())
    return _answer(request.actor, fact.task_id, status=201)


@router.post("/tasks:batch", response=BatchResult, summary="Open many tasks", openapi_extra=batch_of("TaskIn"))
def create_many(request: Any) -> HttpResponse:
    """Up to 1,000 tasks; one that cannot be taken spoils no other. More than ten at once notify nobody."""
    require(request.actor, "collaboration.edit_work")
    given = batch(request, ITEM)
    good = {index: task_draft(one) for index, one in enumerate(given) if isinstance(one, TaskIn)}
    results: dict[int, ItemResult] = {
        index: item_result(index, "error", reason=str(one), errors=one.errors)
        for index, one in enumerate(given)
        if isinstance(one, Invalid)
    }
    try:
        facts = open_tasks(by=request.actor, tasks=list(good.values()), at=now()) if good else []
        made = list(dict.fromkeys(fact.task_id for fact in facts))
        results |= {index: item_result(index, "created", about=task) for index, task in zip(good, made, strict=True)}
    except Invalid:
        for index, draft in good.items():
            try:
                (fact, *_others) = open_tasks(by=request.actor, tasks=[draft], at=now())
                results[index] = item_result(index, "created", about=fact.task_id)
            except Refusal as refusal:
                errors = refusal.errors if isinstance(refusal, Invalid) else {}
                results[index] = item_result(index, "error", code=refusal.code, reason=str(refusal), errors=errors)
    return reply(batch_result([results[index] for index in sorted(results)]))


@router.get("/tasks/{uuid:task_id}", response=TaskOut, summary="Read a task")
def show(request: Any, task_id: UUID) -> HttpResponse:
    """One task; the ETag is its version."""
    return _answer(request.actor, task_id)


@router.patch("/tasks/{uuid:task_id}", response=TaskOut, summary="Change a task")
def update(request: Any, task_id: UUID, body: TaskChange) -> HttpResponse:
    """Changes the fields that are sent; with If-Match only if the task still has that version (else 412)."""
    changes, customers = task_changes(body)
    edit_task(
        by=request.actor, task_id=task_id, changes=changes, customer_ids=customers, version=wanted_version(request), at=now()
    )
    return _answer(request.actor, task_id)


@router.post("/tasks/{uuid:task_id}/completion", response=TaskOut, summary="Complete a task")
def complete(request: Any, task_id: UUID, body: CompletionIn) -> HttpResponse:
    """Says how it went; a task that repeats makes its next one. Saying it again changes nothing."""
    complete_tasks(by=request.actor, task_ids=[task_id], outcome=body.outcome, note=body.note, at=now())
    return _answer(request.actor, task_id)


@router.delete("/tasks/{uuid:task_id}/completion", response=TaskOut, summary="Reopen a task")
def reopen(request: Any, task_id: UUID) -> HttpResponse:
    """Takes back that it is done; an untouched next one of its series goes away."""
    reopen_tasks(by=request.actor, task_ids=[task_id], at=now())
    return _answer(request.actor, task_id)


def _answer(by: Actor, task_id: UUID, *, status: int = 200) -> HttpResponse:
    task = get_task(by=by, task_id=task_id)
    location = f"/api/v1/tasks/{task_id}" if status == 201 else ""
    return reply(task_out(task), status=status, version=task.version, location=location)
