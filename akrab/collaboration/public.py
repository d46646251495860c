"""The door of the collaboration room."""

from akrab.collaboration.facts import ApprovalChanged, CustomerHandedOver, TaskCompleted, TaskOpened, TrainingCompleted
from akrab.collaboration.operations.approving import ask_approval, note_changed
from akrab.collaboration.operations.completing import complete_tasks
from akrab.collaboration.operations.handing_over import complete_trainings, offer_handover
from akrab.collaboration.operations.notifying import News, notify
from akrab.collaboration.operations.opening import TaskDraft, open_tasks
from akrab.collaboration.operations.writing import NoteDraft, write_notes
from akrab.collaboration.queries.approvals import approval_status
from akrab.collaboration.queries.calendars import working_hours

__all__ = [
    "ApprovalChanged",
    "CustomerHandedOver",
    "News",
    "NoteDraft",
    "TaskCompleted",
    "TaskDraft",
    "TaskOpened",
    "TrainingCompleted",
    "approval_status",
    "ask_approval",
    "complete_tasks",
    "complete_trainings",
    "note_changed",
    "notify",
    "offer_handover",
    "open_tasks",
    "working_hours",
    "write_notes",
]
