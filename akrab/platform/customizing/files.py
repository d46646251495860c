"""Custom fields in files: columns that an import may have, what its cells say, and columns of exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from akrab.platform.clock import in_zone
from akrab.platform.customizing.fields import custom_field, custom_fields, stored_fields
from akrab.platform.customizing.reading import export_sql, export_type
from akrab.platform.exporting import Export
from akrab.platform.tabular.matching import Field, FieldKind

_KINDS: Mapping[str, FieldKind] = {"number": "decimal", "money": "money", "date": "date", "moment": "moment"}


def import_fields(object: str) -> list[Field]:
    """A column for each field that people fill in; it is known by name and key, in both languages."""
    return [
        Field(one.name, one.title, _KINDS.get(one.type, "text"), (one.title_en, one.title_id, one.key, one.name))
        for one in stored_fields(object)
    ]


def said_in_file(object: str, first: Mapping[str, str], *, zone: str) -> dict[str, Any]:
    """What a row says of custom fields; a moment without a zone is one of the file's."""
    found: dict[str, Any] = {}
    for name, text in first.items():
        custom = custom_field(object, name)
        if custom is not None:
            found[name] = _moment(text, zone) if custom.type == "moment" else text
    return found


def _moment(text: str, zone: str) -> Any:
    return in_zone(datetime.fromisoformat(text), zone)


def exporting(export: Export, object: str, alias: str) -> Export:
    """The export with a column for each custom field."""
    fields = custom_fields(object)
    values = "".join(f", {export_sql(one, alias)}" for one in fields)
    return replace(
        export,
        sql=export.sql.replace("{custom}", values),
        columns=(*export.columns, *((one.name, export_type(one)) for one in fields)),
    )
