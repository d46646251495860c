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
