"""Tasks as people read them: one, a page of a list, and what is on somebody's desk today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localtime

from akrab.collaboration.models.tasks import Task, TaskQuerySet
from akrab.collaboration.queries.people import person_of
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.paging import Count, Key, Order, Page, capped_count, paginate
from akrab.platform.refusal import NotFound

DUE = Order((Key("due_by"),))
DONE = Order((Key("done_at"),), descending=True)
STATES = ("open", "overdue", "today", "week", "snoozed", "done")


@dataclass(frozen=True, slots=True)
class TaskChoice:
    """What a list of tasks is narrowed by."""

    state: str = "open"
    assignee_id: UUID | None = None
    is_unassigned: bool = False
    customer_id: UUID | None = None
    kind: str = ""
    priority: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's tasks for the start page; `more` says how many follow."""

    overdue: list[Task]
    today: list[Task]
    following: list[Task]
    more: int

    @property
    def is_empty(self) -> bool:
        return not (self.overdue or self.today or self.following)


def get_task(*, by: Actor, task_id: UUID) -> Task:
    require(by, "collaboration.view_work")
    found = Task.objects.visible_to(by).with_row_details(by).filter(pk=task_id).first()
    if found is None:
        raise NotFound
    assert isinstance(found, Task)
    return found


def list_tasks(*, by: Actor, choice: TaskChoice, at: datetime, cursor: str = "", size: int = 50) -> Page[Task]:
    """A page of tasks, those due first on top; done ones newest first."""
    require(by, "collaboration.view_work")
    order = DONE if choice.state == "done" else DUE
    return paginate(_chosen(by, choice, at).with_row_details(by), order=order, cursor=cursor, size=size)


def count_tasks(*, by: Actor, choice: TaskChoice, at: datetime) -> Count:
    require(by, "collaboration.view_work")
    return capped_count(_chosen(by, choice, at))


def desk_of(*, by: Actor, at: datetime, size: int = 8) -> Desk:
    """What the actor has to do: late, due today, and next; one query and its relations."""
    require(by, "collaboration.view_work")
    evening = _evening(at, by)
    rows = list(
        Task.objects.visible_to(by)
        .open()
        .filter(_awake(at), assignee_id=person_of(by))
        .with_row_details(by)
        .order_by("due_by", "pk")[: size * 3 + 1]
    )
    overdue = [one for one in rows if one.due_by <= at]
    today = [one for one in rows if at < one.due_by <= evening]
    following = [one for one in rows if one.due_by > evening]
    shown = overdue[:size], today[:size], following[: max(3, size - len(overdue) - len(today))]
    return Desk(*shown, len(rows) - sum(len(part) for part in shown))


def tasks_of(*, by: Actor, customer_id: UUID, size: int = 6) -> list[Task]:
    """The open tasks about a customer, those due first on top."""
    require(by, "collaboration.view_work")
    rows = Task.objects.visible_to(by).open().filter(links__customer_id=customer_id)
    return list(rows.with_row_details(by).order_by("due_by", "pk")[:size])


def due_reminders(*, by: Actor, at: datetime, most: int = 1000) -> list[tuple[UUID, UUID, str]]:
    """Tasks whose reminder is due, with their assignees and titles."""
    require(by, "collaboration.view_work")
    rows = fetch(
        "SELECT id, assignee_id, title FROM collaboration_task WHERE done_at IS NULL AND reminded_at IS NULL AND remind_at <= %s "
        "AND assignee_id IS NOT NULL ORDER BY remind_at LIMIT %s",
        [at, most],
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _chosen(by: Actor, choice: TaskChoice, at: datetime) -> TaskQuerySet:
    rows: Any = Task.objects.visible_to(by)
    rows = rows.filter(done_at__isnull=choice.state != "done")
    evening = _evening(at, by)
    ranges = {
        "overdue": Q(due_by__lte=at) & _awake(at),
        "today": Q(due_by__gt=at, due_by__lte=evening) & _awake(at),
        "week": Q(due_by__gt=at, due_by__lte=evening + timedelta(days=6)) & _awake(at),
        "snoozed": Q(snoozed_until__gt=at),
    }
    if choice.state in ranges:
        rows = rows.filter(ranges[choice.state])
    if choice.assignee_id or choice.is_unassigned:
        rows = rows.filter(assignee_id=choice.assignee_id)
    if choice.customer_id:
        rows = rows.filter(links__customer_id=choice.customer_id)
    if choice.kind:
        rows = rows.filter(kind=choice.kind)
    if choice.priority:
        rows = rows.filter(priority=choice.priority)
    for word in choice.words.split()[:6]:
        rows = rows.filter(title__icontains=word)
    return rows  # type: ignore[no-any-return]


def _awake(at: datetime) -> Q:
    return Q(snoozed_until=None) | Q(snoozed_until__lte=at)


def _evening(at: datetime, by: Actor) -> datetime:
    """The end of the reader's day."""
    tomorrow = localtime(at, by.tzinfo).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), by.tzinfo)
