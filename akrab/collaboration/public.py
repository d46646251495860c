"""The door of the collaboration room."""

from akrab.collaboration.facts import TaskCompleted, TaskOpened
from akrab.collaboration.operations.completing import complete_tasks
from akrab.collaboration.operations.opening import TaskDraft, open_tasks

__all__ = ["TaskCompleted", "TaskDraft", "TaskOpened", "complete_tasks", "open_tasks"]
