"""What can have happened to the views of lists."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("platform.view_changed", subject="view", at="changed_at", audited=False)
class ViewChanged:
    """A view of a list was saved, changed or retired; `changes` maps what is different to before and after."""

    view_id: UUID
    changed_at: datetime
    object: str
    name: str
    scope: str
    changes: dict[str, list[str]]
