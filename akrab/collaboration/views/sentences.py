"""How the facts of collaboration are told on a timeline."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from akrab.collaboration.facts import (
    ActivityChanged,
    ActivityHeld,
    ActivityPlanned,
    ApprovalChanged,
    ApprovalRuleChanged,
    CustomerHandedOver,
    FeedClosed,
    FeedOpened,
    FollowChanged,
    NoteEdited,
    NotePinned,
    NoteRemoved,
    NoteWritten,
    StandInNamed,
    TaskCompleted,
    TaskEdited,
    TaskOpened,
    TaskReopened,
    TaskSnoozed,
    TrainingCompleted,
    WorkCalendarChanged,
)
from akrab.collaboration.forms import TaskForm
from akrab.collaboration.models.activities import Activity
from akrab.collaboration.models.approvals import ApprovalRequest
from akrab.collaboration.models.tasks import Priority, Task
from akrab.collaboration.queries.notes import kept_notes
from akrab.platform.presentation import Told, tells, told_while_there
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


@tells(NoteWritten, icon="note", tone="accent")
def note_written(fact: NoteWritten) -> Told:
    return Told(_("Note"), fact.excerpt, _note(fact))


@tells(NoteEdited, icon="note")
def note_edited(fact: NoteEdited) -> Told:
    return Told(_("Note changed"), fact.excerpt, _note(fact))


told_while_there(NoteWritten, "note_id", kept_notes)
told_while_there(NoteEdited, "note_id", kept_notes)


@tells(NoteRemoved, icon="trash", tone="warning")
def note_removed(fact: NoteRemoved) -> Told:
    return Told(_("A note was removed"))


@tells(NotePinned, icon="pin")
def note_pinned(fact: NotePinned) -> Told:
    return Told(_("A note was pinned") if fact.is_pinned else _("A note was unpinned"), "", _note(fact))


@tells(ActivityPlanned, icon="calendar-event", tone="info")
def activity_planned(fact: ActivityPlanned) -> Told:
    words = {"kind": _activity_kind(fact.kind), "title": fact.title}
    return Told(_("%(kind)s planned: %(title)s") % words, _when(fact.starts), _activity(fact))


@tells(ActivityHeld, icon="phone", tone="success")
def activity_held(fact: ActivityHeld) -> Told:
    outcome = str(Activity.Outcome(fact.outcome).label) if fact.outcome in Activity.Outcome.values else ""
    length = _("%(minutes)s minutes") % {"minutes": fact.minutes} if fact.minutes else ""
    incoming = _("the customer called") if fact.is_incoming else ""
    said = " · ".join(filter(None, (outcome, incoming, length, fact.excerpt)))
    return Told(f"{_activity_kind(fact.kind)}: {fact.title}", said, _activity(fact))


@tells(ActivityChanged, icon="calendar-event", tone="warning")
def activity_changed(fact: ActivityChanged) -> Told:
    words = {"kind": _activity_kind(fact.kind), "title": fact.title}
    title = _("%(kind)s canceled: %(title)s") if fact.is_canceled else _("%(kind)s changed: %(title)s")
    return Told(title % words, _when(fact.starts), _activity(fact))


@tells(FeedOpened, icon="calendar")
def feed_opened(fact: FeedOpened) -> Told:
    return Told(_("A secret calendar address was made"))


@tells(FeedClosed, icon="calendar")
def feed_closed(fact: FeedClosed) -> Told:
    return Told(_("The secret calendar address was revoked"))


@tells(FollowChanged, icon="bell")
def follow_changed(fact: FollowChanged) -> Told:
    words = {"follow": _("Somebody follows it"), "mute": _("Somebody muted it")}
    return Told(words.get(fact.wants, _("Somebody does not follow it any more")))


@tells(WorkCalendarChanged, icon="clock")
def work_calendar_changed(fact: WorkCalendarChanged) -> Told:
    return Told(_("Working hours changed: %(name)s") % {"name": fact.name})


@tells(ApprovalChanged, icon="checks", tone="info")
def approval_changed(fact: ApprovalChanged) -> Told:
    status = str(ApprovalRequest.Status(fact.status).label) if fact.status in ApprovalRequest.Status.values else fact.status
    return Told(f"{status}: {fact.title}", fact.note, fact.link)


@tells(ApprovalRuleChanged, icon="scale")
def rule_changed(fact: ApprovalRuleChanged) -> Told:
    return Told(_("Rule of approval: %(name)s") % {"name": fact.name})


@tells(StandInNamed, icon="user-check")
def stand_in_named(fact: StandInNamed) -> Told:
    return Told(_("Out of office: somebody stands in"), _when(fact.until.isoformat()))


@tells(CustomerHandedOver, icon="transfer", tone="info")
def handed_over(fact: CustomerHandedOver) -> Told:
    words = {"offered": _("Handed over"), "accepted": _("Handover accepted"), "returned": _("Handover returned")}
    waited = _("after %(minutes)s working minutes") % {"minutes": fact.working_minutes} if fact.status != "offered" else ""
    return Told(words.get(fact.status, fact.status), " · ".join(filter(None, (fact.department, waited, fact.reason))))


@tells(TrainingCompleted, icon="trophy", tone="success")
def training_completed(fact: TrainingCompleted) -> Told:
    return Told(_("Training completed: %(course)s") % {"course": fact.course}, fact.score)


def _note(fact: Any) -> str:
    return reverse("collaboration:note", args=[fact.note_id])


def _activity(fact: Any) -> str:
    return reverse("collaboration:activity", args=[fact.activity_id])


def _activity_kind(kind: str) -> str:
    return str(Activity.Kind(kind).label) if kind in Activity.Kind.values else kind


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
