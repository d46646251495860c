"""Custom fields in what the journal tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from akrab.platform.bulk import fetch
from akrab.platform.customizing.declaring import all_customizable, customizable_named
from akrab.platform.customizing.fields import Custom, custom_field, is_custom


def custom_of(table: str, name: str) -> Custom | None:
    """The field behind the name that the journal has for a value."""
    if not is_custom(name):
        return None
    found = next((one for one in all_customizable() if one.table == table), None)
    return custom_field(found.name, name) if found else None


def people_and_records(custom: Custom, value: Any) -> Mapping[str, str]:
    """The name behind the id of a person; records are told by their id, as who reads may not see them."""
    if custom.kind == "person":
        return dict(fetch("SELECT id::text, coalesce(nullif(name, ''), email) FROM platform_user WHERE id::text = %s", [value]))
    return {str(value): f"{customizable_named(custom.target).title} {value}"} if custom.kind == "link" else {}
