"""What can have happened to the journal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("platform.entry_undone", subject="entry", at="undone_at")
class EntryUndone:
    """Somebody took back what an entry of the journal did; what could not be taken back is listed with the new entry.

    `label` is the name of what the entry was about, for a nameless customer the identifier that stands for it.
    """

    entry_id: UUID
    undo_id: UUID
    undone_at: datetime
    action: str
    restored: int
    removed: int
    brought_back: int
    left: int
    customer_id: UUID | None = None
    about: str = ""
    label: str = ""
