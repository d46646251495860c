"""What can have happened where people work together."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("collaboration.task_opened", subject="task", at="opened_at")
class TaskOpened:
    """Somebody has something to do; one fact for each customer it is about. `is_quiet`: made in bulk, nobody is notified."""

    task_id: UUID
    opened_at: datetime
    title: str
    kind: str
    due: str = ""
    assignee_id: UUID | None = None
    customer_id: UUID | None = None
    by_id: str = ""
    is_quiet: bool = False


@fact("collaboration.task_edited", subject="task", at="edited_at")
class TaskEdited:
    """Fields of a task were changed; `changes` maps a field to its old and new value."""

    task_id: UUID
    edited_at: datetime
    title: str
    changes: dict[str, list[str]]
    assignee_id: UUID | None = None
    customer_id: UUID | None = None
    by_id: str = ""
    is_quiet: bool = False


@fact("collaboration.task_completed", subject="task", at="completed_at")
class TaskCompleted:
    """A task was done, with its outcome."""

    task_id: UUID
    completed_at: datetime
    title: str
    kind: str
    outcome: str
    note: str = ""
    customer_id: UUID | None = None
    by_id: str = ""
    is_quiet: bool = False


@fact("collaboration.task_reopened", subject="task", at="reopened_at")
class TaskReopened:
    """A task that was done is to be done after all."""

    task_id: UUID
    reopened_at: datetime
    title: str
    customer_id: UUID | None = None


@fact("collaboration.task_snoozed", subject="task", at="snoozed_at")
class TaskSnoozed:
    """A task was put aside until later; it is nobody's news."""

    task_id: UUID
    snoozed_at: datetime
    until: datetime


@fact("collaboration.note_written", subject="note", at="written_at")
class NoteWritten:
    """Somebody wrote about a customer; `excerpt` has its first words, `mentioned` the people it names."""

    note_id: UUID
    written_at: datetime
    excerpt: str
    visibility: str
    files: int = 0
    mentioned: list[str]
    customer_id: UUID | None = None
    by_id: str = ""
    is_quiet: bool = False


@fact("collaboration.note_edited", subject="note", at="edited_at")
class NoteEdited:
    """The words or the visibility of a note were changed; `mentioned` has the people it names now and did not before."""

    note_id: UUID
    edited_at: datetime
    excerpt: str
    visibility: str
    mentioned: list[str]
    customer_id: UUID | None = None
    by_id: str = ""


@fact("collaboration.note_removed", subject="note", at="removed_at")
class NoteRemoved:
    """A note was taken away; what it said is not shown any more."""

    note_id: UUID
    removed_at: datetime
    customer_id: UUID | None = None


@fact("collaboration.note_pinned", subject="note", at="pinned_at")
class NotePinned:
    """A note was put on top, or taken from there."""

    note_id: UUID
    pinned_at: datetime
    is_pinned: bool


@fact("collaboration.activity_planned", subject="activity", at="planned_at")
class ActivityPlanned:
    """A call, meeting or visit is to take place; one fact for each customer who takes part."""

    activity_id: UUID
    planned_at: datetime
    kind: str
    title: str
    starts: str
    people: list[str]
    customer_id: UUID | None = None
    by_id: str = ""
    is_quiet: bool = False


@fact("collaboration.activity_held", subject="activity", at="held_at")
class ActivityHeld:
    """A call, meeting or visit took place, dated when it did."""

    activity_id: UUID
    held_at: datetime
    kind: str
    title: str
    outcome: str = ""
    minutes: int = 0
    excerpt: str = ""
    is_incoming: bool = False
    customer_id: UUID | None = None


@fact("collaboration.activity_changed", subject="activity", at="changed_at")
class ActivityChanged:
    """A planned call, meeting or visit was moved, changed or canceled."""

    activity_id: UUID
    changed_at: datetime
    kind: str
    title: str
    starts: str
    is_canceled: bool = False
    people: list[str]
    customer_id: UUID | None = None
    by_id: str = ""


@fact("collaboration.feed_opened", subject="feed_address", at="opened_at")
class FeedOpened:
    """Somebody made a new secret address of their calendar; the one before stopped working."""

    feed_address_id: UUID
    opened_at: datetime


@fact("collaboration.feed_closed", subject="user", at="closed_at")
class FeedClosed:
    """Somebody's secret calendar address was revoked."""

    user_id: UUID
    closed_at: datetime


@fact("collaboration.follow_changed", subject="user", at="changed_at")
class FollowChanged:
    """Somebody began to follow a record, muted it, or neither any more."""

    user_id: UUID
    changed_at: datetime
    record_kind: str
    record_id: UUID
    wants: str


@fact("collaboration.work_calendar_changed", subject="work_calendar", at="changed_at")
class WorkCalendarChanged:
    """Working hours, holidays or days that differ were set."""

    work_calendar_id: UUID
    changed_at: datetime
    name: str


@fact("collaboration.approval_changed", subject="approval_request", at="changed_at")
class ApprovalChanged:
    """A request for approval was opened, went on a step, was decided, expired, was withdrawn, or opened again."""

    approval_request_id: UUID
    changed_at: datetime
    subject_kind: str
    subject_id: UUID
    title: str
    status: str
    step: int
    round: int
    link: str
    asked_by: UUID
    waiting_for: list[str]
    note: str = ""


@fact("collaboration.rule_changed", subject="approval_rule", at="changed_at")
class ApprovalRuleChanged:
    """A rule of approval was set."""

    approval_rule_id: UUID
    changed_at: datetime
    name: str


@fact("collaboration.stand_in_named", subject="user", at="named_at")
class StandInNamed:
    """Somebody who is out of office named who decides for them."""

    user_id: UUID
    named_at: datetime
    delegate_id: UUID
    since: datetime
    until: datetime


@fact("collaboration.customer_handed_over", subject="handover", at="changed_at")
class CustomerHandedOver:
    """A customer's matter was offered to another department, accepted, or returned with a reason."""

    handover_id: UUID
    changed_at: datetime
    customer_id: UUID
    status: str
    to_id: UUID
    offered_by: UUID
    department: str = ""
    reason: str = ""
    working_minutes: int = 0


@fact("collaboration.training_completed", subject="customer", at="completed_at")
class TrainingCompleted:
    """A customer has finished a course; `score` when there was a test."""

    customer_id: UUID
    completed_at: datetime
    course: str
    score: str = ""
