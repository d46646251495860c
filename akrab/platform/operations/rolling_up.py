"""Working roll-ups out anew: for the records whose rows changed, and for all when a field was made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.declaring import customizable_named
from akrab.platform.customizing.fields import custom_fields
from akrab.platform.customizing.models import CustomField
from akrab.platform.customizing.rollups import refresh
from akrab.platform.operation import operation

AT_ONCE = 5_000


@operation(may="platform.manage_fields")
def refresh_rollups(*, by: Actor, object: str, ids: Sequence[UUID], at: datetime, source: str = "") -> int:
    """Work out the roll-ups of these records anew; safe to repeat and to run side by side."""
    if not ids or not any(one.type == "rollup" for one in custom_fields(object)):
        return 0
    table = customizable_named(object).table
    fetch(f"SELECT 1 FROM {table} WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE", [list(ids)])
    return refresh(object, sorted(set(ids)), source=source)


@operation(may="platform.manage_fields")
def refresh_next(*, by: Actor, object: str, after: UUID | None, at: datetime) -> UUID | None:
    """The roll-ups of the next few thousand records behind an id; gives the last of them, None at the end."""
    table = customizable_named(object).table
    begin = after or UUID(int=0)
    ids: list[UUID] = [row[0] for row in fetch(f"SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT %s", [begin, AT_ONCE])]
    refresh_rollups(by=by, object=object, ids=ids, at=at)
    if len(ids) == AT_ONCE:
        return ids[-1]
    CustomField.objects.filter(object=object, type="rollup", trashed_at=None).update(computed_at=at)
    return None
