"""How the facts of collaboration are told on a timeline."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from akrab.collaboration.facts import TaskCompleted, TaskEdited, TaskOpened, TaskReopened, TaskSnoozed
from akrab.collaboration.forms import TaskForm
from akrab.collaboration.models.tasks import Priority, Task
from akrab.platform.presentation import Told, tells
from akrab.platform.templatetags.shell import clock, day


@tells(TaskOpened, icon="list-check", tone="info")
def task_opened(fact: TaskOpened) -> Told:
    due = _("due %(day)s") % {"day": _when(fact.due)} if fact.due else ""
    return Told(_("New task: %(title)s") % {"title": fact.title}, due, _task(fact))


@tells(TaskEdited, icon="edit")
def task_edited(fact: TaskEdited) -> Told:
    lines = [
        f"{_field(name)}: {_value(name, old) or '–'} → {_value(name, new) or '–'}" for name, (old, new) in fact.changes.items()
    ]
    return Told(_("Task changed: %(title)s") % {"title": fact.title}, " · ".join(lines), _task(fact))


@tells(TaskCompleted, icon="circle-check", tone="success")
def task_completed(fact: TaskCompleted) -> Told:
    outcome = str(Task.Outcome(fact.outcome).label) if fact.outcome in Task.Outcome.values else fact.outcome
    said = outcome if fact.outcome != "done" else ""
    return Told(_("Task done: %(title)s") % {"title": fact.title}, " · ".join(filter(None, (said, fact.note))), _task(fact))


@tells(TaskReopened, icon="rotate-clockwise", tone="warning")
def task_reopened(fact: TaskReopened) -> Told:
    return Told(_("Task reopened: %(title)s") % {"title": fact.title}, "", _task(fact))


@tells(TaskSnoozed, icon="clock")
def task_snoozed(fact: TaskSnoozed) -> Told:
    return Told(_("Put aside until %(when)s") % {"when": _when(fact.until.isoformat())}, "", _task(fact))


def _task(fact: Any) -> str:
    return reverse("collaboration:task", args=[fact.task_id])


def _field(name: str) -> str:
    known = {"due_at": "due_on", "remind_at": "remind", "zone": "due_time"}
    field = TaskForm.base_fields.get(known.get(name, name))
    return str(field.label) if field else name


def _value(name: str, text: str) -> str:
    if not text:
        return ""
    if name in ("due_on", "due_at", "remind_at"):
        return _when(text)
    if name == "priority":
        return str(Priority(int(text)).label)
    return str(Task.Kind(text).label) if name == "kind" and text in Task.Kind.values else text


def _when(text: str) -> str:
    """A day or an instant, as the reader writes it."""
    if len(text) == 10:
        return day(date.fromisoformat(text))
    moment = localtime(datetime.fromisoformat(text))
    return f"{day(moment.date())} {clock(moment)}"
