"""The shape of tasks over the API: what may be sent, and what is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from akrab.collaboration.models.tasks import Task
from akrab.collaboration.operations.opening import TaskDraft
from akrab.platform.api.shapes import Day, Input, Instant, Text

TaskKind = Literal["todo", "call", "meeting", "mail"]
Outcome = Literal["done", "reached", "not_reached", "not_needed"]
Zone = Annotated[Text, Field(max_length=60)]
PriorityName = Literal["high", "normal", "low"]
PRIORITIES: dict[str, int] = {"high": 1, "normal": 2, "low": 3}
NAMES = {number: name for name, number in PRIORITIES.items()}


class TaskChange(Input):
    """The fields to change; null empties one. A task is due on a day (`due_on`) or at an instant (`due_at`)."""

    title: Annotated[Text, Field(min_length=1, max_length=200)] = ""
    body: Annotated[Text, Field(max_length=20000)] = ""
    kind: TaskKind = "todo"
    priority: PriorityName = "normal"
    due_on: Day | None = None
    due_at: Instant | None = None
    zone: Zone = ""
    assignee_id: UUID | None = None
    customer_ids: Annotated[list[UUID], Field(max_length=50)] = []
    remind_at: Instant | None = None
    rrule: Annotated[Text, Field(max_length=200)] = ""


class TaskIn(TaskChange):
    """A new task."""

    title: Annotated[Text, Field(min_length=1, max_length=200)]


class CompletionIn(Input):
    """How a task went."""

    outcome: Outcome = "done"
    note: Annotated[Text, Field(max_length=5000)] = ""


class TaskOut(TypedDict):
    """A task; `done_at` and `outcome` are there when it is done."""

    id: UUID
    title: str
    body: str
    kind: TaskKind
    priority: PriorityName
    due_on: date | None
    due_at: datetime | None
    zone: str
    assignee_id: UUID | None
    customer_ids: list[UUID]
    remind_at: datetime | None
    snoozed_until: datetime | None
    rrule: str
    done_at: datetime | None
    outcome: str
    outcome_note: str
    created_at: datetime
    changed_at: datetime
    version: int


class TaskPage(TypedDict):
    items: list[TaskOut]
    next: str | None


def task_draft(body: TaskIn) -> TaskDraft:
    given = body.model_dump(exclude={"priority", "customer_ids"})
    return TaskDraft(**given, priority=PRIORITIES[body.priority], customer_ids=tuple(body.customer_ids))


def task_changes(body: TaskChange) -> tuple[dict[str, Any], list[UUID] | None]:
    """The fields that were sent, and the customers if they were."""
    given = body.model_dump(exclude_unset=True)
    customers = given.pop("customer_ids", None)
    if "priority" in given:
        given["priority"] = PRIORITIES[given["priority"]]
    return given, customers


def task_out(task: Task) -> dict[str, Any]:
    same = ("title", "body", "due_on", "due_at", "zone", "assignee_id", "remind_at", "snoozed_until", "rrule", "done_at")
    more = ("outcome", "outcome_note", "created_at", "changed_at", "version", "kind")
    return {
        "id": task.pk,
        "priority": NAMES[task.priority],
        "customer_ids": [one.pk for one in task.customers.all()],
        **{name: getattr(task, name) for name in (*same, *more)},
    }
