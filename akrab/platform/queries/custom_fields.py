"""Definitions of custom fields as administrators read them."""

from __future__ import annotations

from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.declaring import customizable_named
from akrab.platform.customizing.models import CustomField
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound

MANAGE = "platform.manage_fields"


def definitions(*, by: Actor, object: str, in_trash: bool = False) -> list[CustomField]:
    """The fields of an object in their order, or those in the trash."""
    require(by, customizable_named(object).view)
    rows = CustomField.objects.filter(object=object, trashed_at__isnull=not in_trash)
    return list(rows.order_by("position", "key", "pk"))


def get_definition(*, by: Actor, field_id: UUID) -> CustomField:
    """One definition, also one in the trash."""
    found = CustomField.objects.filter(pk=field_id).first()
    if found is None:
        raise NotFound
    require(by, customizable_named(found.object).view)
    return found


def find_definition(*, by: Actor, object: str, key: str) -> CustomField:
    """The definition of a key."""
    require(by, customizable_named(object).view)
    found = CustomField.objects.filter(object=object, key=key).first()
    if found is None:
        raise NotFound
    return found


def usage(*, by: Actor, field_id: UUID) -> int:
    """How many records have a value of a field."""
    require(by, MANAGE)
    found = get_definition(by=by, field_id=field_id)
    what = customizable_named(found.object)
    return int(fetch(f"SELECT count(*) FROM {what.table} WHERE custom ? %s", [found.key])[0][0])
