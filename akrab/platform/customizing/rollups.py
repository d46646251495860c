"""Roll-ups: a figure over the rows that belong to a record, kept beside it and worked out anew when they change.

A room declares its rows once, in `queries/customizing.py`, and says in its jobs for whom they changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from akrab.platform.bulk import fetch
from akrab.platform.customizing.declaring import customizable_named, find_declarations
from akrab.platform.customizing.fields import Custom, custom_fields
from akrab.platform.refusal import Refusal

Words = str | Promise
FUNCTIONS: Mapping[str, Words] = {
    "count": _("How many"), "sum": _("Sum"), "average": _("Average"), "min": _("Smallest or first"),
    "max": _("Largest or latest"), "last": _("Of the latest"),
}  # fmt: skip
_KEPT = {"moment": "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", "date": "({})::text"}
_SUMMED = frozenset({"number", "money"})


class UnknownRollUp(Refusal):
    code = "unknown_rollup"
    status = 422
    message = _("There is no such roll-up. Use a function (%(functions)s) of: %(names)s.")


@dataclass(frozen=True, slots=True)
class Column:
    """Something of a row that can be rolled up: its kind, what people call it, the field of the policy that it tells of."""

    kind: str
    title: Words
    protects: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that belong to records: a statement that gives `owner`, `at` and the columns for the owners `%(ids)s`."""

    name: str
    title: Words
    object: str
    rows: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    protects: str = ""


_SOURCES: dict[str, Source] = {}


def rolls_up(source: Source) -> Source:
    """Declare rows that roll-ups may count and add up."""
    _SOURCES[source.name] = source
    return source


def sources_of(object: str) -> list[Source]:
    find_declarations()
    return [_SOURCES[name] for name in sorted(_SOURCES) if _SOURCES[name].object == object]


def options_of(object: str, text: str) -> dict[str, object]:
    """The settings of a roll-up written as `sum commerce.receipts amount`, or `count commerce.receipts`."""
    function, name, column = [*text.split(), "", "", ""][:3]
    source = next((one for one in sources_of(object) if one.name == name), None)
    known = source.columns.get(column) if source else None
    fits = known is not None and function in FUNCTIONS and (function not in {"sum", "average"} or known.kind in _SUMMED)
    if source is None or not (fits or (function == "count" and not column)):
        raise UnknownRollUp(functions=", ".join(FUNCTIONS), names="; ".join(_said(one) for one in sources_of(object)))
    kind = "number" if function == "count" or known is None else known.kind
    closed = {source.protects, known.protects if known else ""} - {""}
    return {"rollup": text, "source": name, "function": function, "column": column, "kind": kind, "protects": sorted(closed)}


def offered(object: str) -> list[tuple[str, str]]:
    """Every roll-up that there can be, as it is written, in words."""
    choices = []
    for source in sources_of(object):
        choices.append((f"count {source.name}", f"{source.title}: {FUNCTIONS['count']}"))
        for name, column in source.columns.items():
            for function in ("sum", "average", "min", "max", "last"):
                if function not in {"sum", "average"} or column.kind in _SUMMED:
                    choices.append((f"{function} {source.name} {name}", f"{source.title}: {column.title}, {FUNCTIONS[function]}"))
    return choices


def refresh(object: str, ids: Sequence[UUID], *, source: str = "") -> int:
    """Work out the roll-ups of some records anew, one statement for each source; says how many records changed."""
    fields = [one for one in custom_fields(object) if one.type == "rollup" and source in {"", one.options["source"]}]
    changed = 0
    for name in sorted({str(one.options["source"]) for one in fields}):
        known = next((one for one in sources_of(object) if one.name == name), None)
        if known is not None:
            changed += _refresh(object, known, [one for one in fields if one.options["source"] == name], ids)
    return changed


def _refresh(object: str, source: Source, fields: Sequence[Custom], ids: Sequence[UUID]) -> int:
    what = customizable_named(object)
    pairs = ", ".join(f"'{one.key}', {_figure(one)}" for one in fields)
    keys = [one.key for one in fields]
    rows = fetch(
        f"UPDATE {what.table} t SET computed = (t.computed - %(keys)s::text[]) || n.found FROM ("
        f"SELECT w.id, jsonb_strip_nulls(jsonb_build_object({pairs})) AS found FROM unnest(%(ids)s::uuid[]) AS w(id) "
        f"LEFT JOIN ({source.rows}) AS r ON r.owner = w.id GROUP BY w.id) AS n "
        "WHERE t.id = n.id AND t.computed IS DISTINCT FROM (t.computed - %(keys)s::text[]) || n.found RETURNING 1",
        {"keys": keys, "ids": list(ids)},
    )
    return len(rows)


def _figure(custom: Custom) -> str:
    function, column = custom.options["function"], f'r."{custom.options["column"]}"'
    match function:
        case "count":
            return "count(r.owner)::text"
        case "sum":
            value = f"coalesce(sum({column}), 0)"
        case "average":
            value = f"round(avg({column}), 6)"
        case "last":
            value = f"(array_agg({column} ORDER BY r.at DESC))[1]"
        case _:
            value = f"{function}({column})"
    if custom.kind == "money":
        return f"round({value})"
    if custom.kind == "number":
        return f"trim_scale(({value})::numeric)::text"
    return _KEPT.get(custom.kind, "{}").format(value)


def _said(source: Source) -> str:
    return f"{source.name} ({', '.join(source.columns)})"
