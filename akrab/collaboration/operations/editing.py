"""Editing tasks: one with what the editor saw, many with one new value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.collaboration.facts import TaskEdited, TaskSnoozed
from akrab.collaboration.models.seeing import CUSTOMERS
from akrab.collaboration.models.tasks import Priority, Task
from akrab.collaboration.models.tasks import TaskCustomer as Link
from akrab.collaboration.operations.completing import customers_of, find_and_lock
from akrab.collaboration.operations.opening import LOUD, refuse_strangers, refuse_unknown_people, settle_due, timelines
from akrab.collaboration.queries.recurring import check_rule
from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import User
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, StaleVersion
from akrab.platform.rights.limits import reachable

EDITABLE = ("title", "body", "kind", "priority", "due_on", "due_at", "zone", "assignee_id", "remind_at", "rrule")


@operation(may="collaboration.edit_work")
def edit_task(
    *,
    by: Actor,
    task_id: UUID,
    changes: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
    customer_ids: Sequence[UUID] | None = None,
) -> list[TaskEdited]:
    """Give fields of a task new values, and with `customer_ids` other customers; refused when `version` is not current."""
    (task,) = find_and_lock([task_id], by=by)
    if version is not None and version != task.version:
        raise StaleVersion
    return _apply([task], _checked(changes), by=by, at=at, customer_ids=customer_ids)


@operation(may="collaboration.edit_work")
def edit_tasks(*, by: Actor, task_ids: Sequence[UUID], changes: Mapping[str, Any], at: datetime) -> list[TaskEdited]:
    """Give the same new values to many tasks: another assignee, day or priority."""
    return _apply(find_and_lock(task_ids, by=by), _checked(changes), by=by, at=at)


@operation(may="collaboration.edit_work")
def snooze_tasks(*, by: Actor, task_ids: Sequence[UUID], until: datetime, at: datetime) -> list[TaskSnoozed]:
    """Put tasks aside until later; they stay due when they are due."""
    if until <= at:
        raise Invalid({"until": str(_("Choose a moment in the future."))})
    waiting = [task for task in find_and_lock(task_ids, by=by) if not task.is_done]
    Task.objects.filter(pk__in=[task.pk for task in waiting]).update(snoozed_until=until, reminded_at=None, remind_at=until)
    facts = [TaskSnoozed(task_id=task.pk, snoozed_at=at, until=until) for task in waiting]
    record(facts, by=by)
    return facts


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    errors = {name: str(_("This field cannot be edited.")) for name in sorted(set(wanted) - set(EDITABLE))}
    if "title" in wanted and not wanted["title"]:
        errors["title"] = str(_("A task needs a title."))
    if wanted.get("kind", Task.Kind.TODO) not in Task.Kind.values:
        errors["kind"] = str(_("Unknown kind of task."))
    if wanted.get("priority", Priority.NORMAL) not in Priority.values:
        errors["priority"] = str(_("Unknown priority."))
    if errors:
        raise Invalid(errors)
    if "rrule" in wanted:
        wanted["rrule"] = check_rule(wanted["rrule"] or "")
    if wanted.get("assignee_id"):
        refuse_unknown_people({one for one in [wanted["assignee_id"]] if isinstance(one, UUID)})
    if wanted.get("due_on") and "due_at" not in wanted:
        wanted["due_at"] = None
    if wanted.get("due_at") and "due_on" not in wanted:
        wanted["due_on"] = None
    return wanted


def _apply(
    tasks: Sequence[Task], wanted: Mapping[str, Any], *, by: Actor, at: datetime, customer_ids: Sequence[UUID] | None = None
) -> list[TaskEdited]:
    before = {task.pk: {name: getattr(task, name) for name in wanted if getattr(task, name) != wanted[name]} for task in tasks}
    relinked = [task for task in tasks if customer_ids is not None and _relink(task, customer_ids, by=by)]
    changed = [task for task in tasks if before[task.pk] or task in relinked]
    for task in changed:
        for name, value in wanted.items():
            setattr(task, name, value)
        settle_due(task)
        if "remind_at" in before[task.pk]:
            task.reminded_at = None
        task.version += 1
        task.changed_at = at
    fields = [*wanted, "due_by", "series", "reminded_at", "version", "changed_at"]
    Task.objects.bulk_update(changed, list(dict.fromkeys(fields)))
    names = _names(changed, before)
    linked = customers_of(changed)
    facts = [
        TaskEdited(
            task_id=task.pk,
            edited_at=at,
            title=task.title,
            changes={
                name.removesuffix("_id"): [_text(old, names), _text(getattr(task, name), names)]
                for name, old in before[task.pk].items()
            },
            assignee_id=task.assignee_id if "assignee_id" in before[task.pk] else None,
            customer_id=customer,
            by_id=by.id,
            is_quiet=len(tasks) > LOUD,
        )
        for task in changed
        for customer in timelines(linked[task.pk])
    ]
    record(facts, by=by)
    return facts


def _relink(task: Task, customer_ids: Sequence[UUID], *, by: Actor) -> bool:
    now = reachable(by, CUSTOMERS, list(Link.objects.filter(task=task).values_list("customer_id", flat=True)))
    if now == set(customer_ids):
        return False
    refuse_strangers(by=by, customer_ids=set(customer_ids) - now)
    Link.objects.filter(task=task, customer_id__in=now - set(customer_ids)).delete()
    Link.objects.bulk_create(Link(task=task, customer_id=one) for one in set(customer_ids) - now)
    return True


def _names(tasks: Sequence[Task], before: Mapping[UUID, Mapping[str, Any]]) -> dict[Any, str]:
    """The names of the people before and after, so that a fact can be read when they are gone."""
    if not any("assignee_id" in one for one in before.values()):
        return {}
    people: set[UUID | None] = {task.assignee_id for task in tasks} | {one.get("assignee_id") for one in before.values()}
    found = User.objects.filter(pk__in=[one for one in people if one])
    return {user.pk: str(user) for user in found}


def _text(value: Any, names: Mapping[Any, str]) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return names.get(value, "")
    return "" if value is None else str(value)[:200]
