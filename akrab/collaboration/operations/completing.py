"""Completing tasks and reopening them; a task that repeats makes its next one, exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.collaboration.facts import TaskCompleted, TaskReopened
from akrab.collaboration.models.tasks import Task
from akrab.collaboration.models.tasks import TaskCustomer as Link
from akrab.collaboration.operations.opening import LOUD, settle_due, timelines
from akrab.collaboration.queries.recurring import next_day, next_moment
from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, NotFound


@operation(may="collaboration.edit_work")
def complete_tasks(
    *, by: Actor, task_ids: Sequence[UUID], at: datetime, outcome: str = "", note: str = ""
) -> list[TaskCompleted]:
    """Say that tasks are done; those that are done already stay as they are."""
    if outcome and outcome not in Task.Outcome.values:
        raise Invalid({"outcome": str(_("Unknown outcome."))})
    waiting = [task for task in find_and_lock(task_ids, by=by) if not task.is_done]
    for task in waiting:
        task.complete(at=at, outcome=outcome, note=note.strip())
        task.version += 1
        task.changed_at = at
    Task.objects.bulk_update(waiting, ["done_at", "outcome", "outcome_note", "version", "changed_at"])
    linked = customers_of(waiting)
    _make_next([task for task in waiting if task.rrule], linked, at=at)
    facts = [
        TaskCompleted(
            task_id=task.pk,
            completed_at=at,
            title=task.title,
            kind=task.kind,
            outcome=task.outcome,
            note=task.outcome_note[:500],
            customer_id=customer,
            by_id=by.id,
            is_quiet=len(waiting) > LOUD,
        )
        for task in waiting
        for customer in timelines(linked[task.pk])
    ]
    record(facts, by=by)
    return facts


@operation(may="collaboration.edit_work")
def reopen_tasks(*, by: Actor, task_ids: Sequence[UUID], at: datetime) -> list[TaskReopened]:
    """Take back that tasks are done; the next one of a series goes away unless somebody touched it."""
    done = [task for task in find_and_lock(task_ids, by=by) if task.is_done]
    for task in done:
        task.done_at, task.outcome, task.outcome_note = None, "", ""
        task.version += 1
        task.changed_at = at
        if task.series:
            following = Task.objects.filter(series=task.series, occurrence=task.occurrence + 1, version=1, done_at=None)
            following.delete()
    Task.objects.bulk_update(done, ["done_at", "outcome", "outcome_note", "version", "changed_at"])
    linked = customers_of(done)
    facts = [
        TaskReopened(task_id=task.pk, reopened_at=at, title=task.title, customer_id=customer)
        for task in done
        for customer in timelines(linked[task.pk])
    ]
    record(facts, by=by)
    return facts


def find_and_lock(task_ids: Sequence[UUID], *, by: Actor) -> list[Task]:
    """These tasks, held until the transaction ends; refuses when one is not there."""
    found = list(Task.objects.visible_to(by).select_for_update().filter(pk__in=set(task_ids)).order_by("pk"))
    if len(found) < len(set(task_ids)):
        raise NotFound
    return found


def customers_of(tasks: Sequence[Task]) -> dict[UUID, list[UUID]]:
    """The customers of each task."""
    linked: dict[UUID, list[UUID]] = {task.pk: [] for task in tasks}
    if tasks:
        for task, customer in Link.objects.filter(task__in=linked).order_by("pk").values_list("task_id", "customer_id"):
            linked[task].append(customer)
    return linked


def _make_next(tasks: Sequence[Task], linked: dict[UUID, list[UUID]], *, at: datetime) -> None:
    """The unique (series, occurrence) keeps the promise of once; a task reopened and done again finds its next one there."""
    known = set(
        Task.objects.filter(series__in=[task.series for task in tasks]).values_list("series", "occurrence") if tasks else []
    )
    following = [(task, made) for task in tasks if (task.series, task.occurrence + 1) not in known and (made := _next(task, at))]
    Task.objects.bulk_create(made for _task, made in following)
    Link.objects.bulk_create(
        Link(task_id=made.pk, customer_id=customer) for task, made in following for customer in linked[task.pk]
    )


def _next(task: Task, at: datetime) -> Task | None:
    """The same task one step on, or nothing when the rule has come to its end."""
    made = Task(
        **{name: getattr(task, name) for name in ("title", "body", "kind", "priority", "zone", "assignee_id", "rrule", "series")},
        occurrence=task.occurrence + 1,
        created_by=task.created_by,
        created_at=at,
        changed_at=at,
    )
    if task.due_on:
        made.due_on = next_day(task.rrule, after=task.due_on)
    elif task.due_at:
        made.due_at = next_moment(task.rrule, after=task.due_at, zone_name=task.zone)
    if not (made.due_on or made.due_at):
        return None
    settle_due(made)
    if task.remind_at:
        made.remind_at = made.due_by - (task.due_by - task.remind_at)
    return made
