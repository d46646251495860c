"""Opening tasks: one from a form or a hundred from a playbook are the same list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.collaboration.facts import TaskOpened
from akrab.collaboration.models.tasks import SOMEDAY, Priority, Task
from akrab.collaboration.models.tasks import TaskCustomer as Link
from akrab.collaboration.queries.recurring import check_rule, due_by
from akrab.customers.public import customer_cards
from akrab.platform.actor import Actor
from akrab.platform.clock import zone
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.models import User
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid

LOUD = 10
"""More tasks at once than this notify nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """What a new task is to be; due on a day or at an instant, in a zone."""

    title: str
    body: str = ""
    kind: str = Task.Kind.TODO.value
    priority: int = Priority.NORMAL.value
    due_on: date | None = None
    due_at: datetime | None = None
    zone: str = ""
    assignee_id: UUID | None = None
    customer_ids: tuple[UUID, ...] = ()
    remind_at: datetime | None = None
    rrule: str = ""
    source_kind: str = ""
    source_id: UUID | None = None


@operation(may="collaboration.edit_work")
def open_tasks(*, by: Actor, tasks: Sequence[TaskDraft], at: datetime) -> list[TaskOpened]:
    """Add tasks; each customer that one is about hears of it."""
    refuse_strangers(by=by, customer_ids={one for draft in tasks for one in draft.customer_ids})
    refuse_unknown_people({draft.assignee_id for draft in tasks if draft.assignee_id})
    made = [_task(draft, by=by, at=at) for draft in tasks]
    Task.objects.bulk_create(made)
    Link.objects.bulk_create(
        Link(task_id=task.pk, customer_id=customer)
        for task, draft in zip(made, tasks, strict=True)
        for customer in dict.fromkeys(draft.customer_ids)
    )
    facts = [
        TaskOpened(
            task_id=task.pk,
            opened_at=at,
            title=task.title,
            kind=task.kind,
            due=due_text(task),
            assignee_id=task.assignee_id,
            customer_id=customer,
            by_id=by.id,
            is_quiet=by.entrance == "import" or len(tasks) > LOUD,
        )
        for task, draft in zip(made, tasks, strict=True)
        for customer in timelines(draft.customer_ids)
    ]
    record(facts, by=by)
    return facts


def refuse_strangers(*, by: Actor, customer_ids: Iterable[UUID]) -> None:
    """All of these customers must be there and visible."""
    wanted = set(customer_ids)
    if wanted - customer_cards(by=by, customer_ids=wanted).keys():
        raise Invalid({"customers": str(_("One of these customers is not there, or not visible to you."))})


def refuse_unknown_people(ids: Iterable[UUID]) -> None:
    """All of these people must be there and able to sign in."""
    wanted = set(ids)
    if wanted and User.objects.filter(pk__in=wanted, is_active=True).count() < len(wanted):
        raise Invalid({"assignee": str(_("This person does not use Akrab, or not any more."))})


def timelines(customer_ids: Iterable[UUID]) -> list[UUID | None]:
    """Whose timelines tell something: those of the customers, or nobody's, once."""
    return [*dict.fromkeys(customer_ids)] or [None]


def due_text(task: Task) -> str:
    """A task's day or instant as ISO text; empty when it has none."""
    due = task.due_at or task.due_on
    return due.isoformat() if due else ""


def settle_due(task: Task) -> None:
    """Refuse a due date that contradicts itself, and keep the instant when the task becomes late."""
    if task.due_on and task.due_at:
        raise Invalid({"due_at": str(_("A task is due on a day or at a time, not both."))})
    if task.rrule and not (task.due_on or task.due_at):
        raise Invalid({"due_on": str(_("A task that repeats needs a day."))})
    zone(task.zone)
    task.due_by = due_by(due_on=task.due_on, due_at=task.due_at, zone_name=task.zone) or SOMEDAY
    if task.rrule and task.series is None:
        task.series = new_id()


def _task(draft: TaskDraft, *, by: Actor, at: datetime) -> Task:
    _check(draft)
    task = Task(
        title=draft.title.strip(),
        body=draft.body.strip(),
        kind=draft.kind,
        priority=draft.priority,
        due_on=draft.due_on,
        due_at=draft.due_at,
        zone=draft.zone or by.zone,
        assignee_id=draft.assignee_id,
        remind_at=draft.remind_at,
        rrule=check_rule(draft.rrule),
        source_kind=draft.source_kind,
        source_id=draft.source_id,
        created_by=by.id,
        created_at=at,
        changed_at=at,
    )
    settle_due(task)
    return task


def _check(draft: TaskDraft) -> None:
    errors = {}
    if not draft.title.strip():
        errors["title"] = str(_("A task needs a title."))
    if draft.kind not in Task.Kind.values:
        errors["kind"] = str(_("Unknown kind of task."))
    if draft.priority not in Priority.values:
        errors["priority"] = str(_("Unknown priority."))
    if errors:
        raise Invalid(errors)
