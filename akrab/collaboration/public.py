"""The door of the collaboration room."""

from akrab.collaboration.facts import TaskCompleted, TaskOpened
from akrab.collaboration.operations.completing import complete_tasks
from akrab.collaboration.operations.notifying import News, notify
from akrab.collaboration.operations.opening import TaskDraft, open_tasks
from akrab.collaboration.operations.writing import NoteDraft, write_notes
from akrab.collaboration.queries.calendars import working_hours

__all__ = [
    "News",
    "NoteDraft",
    "TaskCompleted",
    "TaskDraft",
    "TaskOpened",
    "complete_tasks",
    "notify",
    "open_tasks",
    "working_hours",
    "write_notes",
]
