"""Custom values in SQL text: for programs, exports and sums; the same templates as everywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from akrab.platform.customizing.expressions import on, value_sql
from akrab.platform.customizing.fields import Custom, custom_fields
from akrab.platform.customizing.values import told
from akrab.platform.money import exponent
from akrab.platform.rights.fields import masked

_AT_ONCE = 40


def values_sql(object: str, alias: str) -> str:
    """SQL for all values of a row as one JSON object by key, as text; also those of fields in the trash."""
    parts = [f"{alias}.custom", f"{alias}.computed"]
    formulas = [one for one in custom_fields(object) if one.type == "formula"]
    for start in range(0, len(formulas), _AT_ONCE):
        pairs = ", ".join(f"'{one.key}', {on(value_sql(one), alias)}" for one in formulas[start : start + _AT_ONCE])
        parts.append(f"jsonb_build_object({pairs})")
    return f"({' || '.join(parts)})::text"


def for_programs(object: str, values: Mapping[str, Any], access: Mapping[str, str]) -> dict[str, Any]:
    """What a program may read of a row's values; a field without a value is null, a hidden one is not there."""
    answer = {}
    for one in custom_fields(object):
        given = access.get(one.name, "edit")
        if given != "hidden":
            value = told(one, values.get(one.key))
            answer[one.key] = (
                masked(value, "number" if one.kind in {"number", "money"} else "text") if given == "masked" else value
            )
    return answer


def export_type(custom: Custom) -> str:
    """How a column of a file holds the values."""
    return {"number": "decimal", "money": "decimal", "date": "text", "boolean": "boolean"}.get(custom.kind, "text")


def export_sql(custom: Custom, alias: str) -> str:
    """The value as a file has it: money in whole units, choices by their English names, people by their address."""
    value = on(value_sql(custom), alias)
    match custom.kind:
        case "money":
            places = exponent(custom.currency)
            return f"round({value} / 10.0 ^ {places}, {places})"
        case "choice":
            return f"({_titles(custom)}->>{value})"
        case "choices":
            return (
                f"(SELECT string_agg({_titles(custom)}->>one, '; ' ORDER BY place) "
                f"FROM jsonb_array_elements_text({value}) WITH ORDINALITY AS each(one, place))"
            )
        case "person":
            return f"(SELECT u.email FROM platform_user u WHERE u.id::text = {value})"
    return value


def _titles(custom: Custom) -> str:
    titles = json.dumps({one.code: one.title_en for one in custom.choices}).replace("'", "''").replace("%", "%%")
    return f"'{titles}'::jsonb"


def export_columns(object: str) -> Sequence[tuple[str, str]]:
    """The columns of custom fields in a file, with their types."""
    return [(one.name, export_type(one)) for one in custom_fields(object)]
