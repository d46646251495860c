"""Tasks dressed for a row: when it is due in words, how urgent, who and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from akrab.collaboration.models.tasks import Task
from akrab.platform.actor import Actor
from akrab.platform.templatetags.shell import clock, day

Words = str | Promise


@dataclass(frozen=True, slots=True)
class TaskRow:
    """What a list shows of a task."""

    id: UUID
    title: str
    icon: str
    kind: Words
    due: str
    tone: str
    is_done: bool
    is_high: bool
    repeats: bool
    outcome: Words
    assignee: str
    customers: list[Any]
    snoozed: datetime | None

    @classmethod
    def of(cls, task: Task, by: Actor, at: datetime) -> TaskRow:
        due, tone = _due(task, by, at)
        return cls(
            id=task.pk,
            title=task.title,
            icon=task.icon,
            kind=task.get_kind_display(),
            due=due,
            tone=tone,
            is_done=task.is_done,
            is_high=task.priority == 1,
            repeats=bool(task.rrule),
            outcome=task.get_outcome_display() if task.outcome else "",
            assignee=str(task.assignee) if task.assignee else "",
            customers=list(task.customers.all()),
            snoozed=task.snoozed_until if task.snoozed_until and task.snoozed_until > at and not task.is_done else None,
        )


def rows_of(tasks: Iterable[Task], by: Actor, at: datetime) -> list[TaskRow]:
    return [TaskRow.of(one, by, at) for one in tasks]


def _due(task: Task, by: Actor, at: datetime) -> tuple[str, str]:
    """When in the reader's words, and how urgent it looks."""
    moment = localtime(task.due_at, by.tzinfo) if task.due_at else None
    on = moment.date() if moment else task.due_on
    if on is None:
        return "", "neutral"
    ahead = (on - localtime(at, by.tzinfo).date()).days
    words = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}.get(ahead) or day(on)
    tone = "neutral" if task.is_done or ahead > 0 else "warning" if task.due_by > at else "danger"
    return (f"{words} {clock(moment)}" if moment else words), tone
