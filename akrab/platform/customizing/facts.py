"""What can have happened to custom fields."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("platform.custom_field_changed", subject="custom_field")
class CustomFieldChanged:
    """A field was defined, revised, moved to the trash, restored or purged."""

    field_id: UUID
    at: datetime
    object: str
    key: str
    change: str
    title: str = ""


@fact("platform.choice_replaced", subject="custom_field")
class ChoiceReplaced:
    """A choice was retired; records that had it got another one instead, or kept it."""

    field_id: UUID
    at: datetime
    object: str
    key: str
    choice: str
    by_choice: str = ""
    changed: int = 0
