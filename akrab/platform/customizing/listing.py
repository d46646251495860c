"""Custom fields in lists: what filters may ask of them, the order that a list has by one, columns and sums."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.customizing.expressions import MISSING, holds, order_sql, sorted_by, value_of, value_sql
from akrab.platform.customizing.fields import Custom, custom_field, custom_fields
from akrab.platform.customizing.values import said
from akrab.platform.customizing.writing import finder, names_of
from akrab.platform.listing.filtering import FilterField
from akrab.platform.listing.tree import FilterUnreadable
from akrab.platform.money import exponent
from akrab.platform.paging import Key, Order
from akrab.platform.templatetags.shell import number

SORTABLE = frozenset({"text", "url", "number", "money", "date", "moment", "choice", "boolean"})
SUMMABLE = frozenset({"number", "money"})
_ASKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "text": ("text", ()), "long": ("text", ("has", "any", "none")), "url": ("text", ("is", "has", "any", "none")),
    "number": ("number", ("min", "max", "any", "none")), "money": ("number", ("min", "max", "any", "none")),
    "date": ("day", ()), "moment": ("day", ()),
    "choice": ("choice", ("is", "not", "any", "none")), "choices": ("choice", ("is", "not", "any", "none")),
    "boolean": ("choice", ("is",)), "person": ("text", ("is", "not", "any", "none")),
    "link": ("text", ("is", "not", "any", "none")),
}  # fmt: skip
YES_NO = (("yes", _("yes")), ("no", _("no")))


def filter_fields(object: str) -> dict[str, FilterField]:
    """What filters may ask of the custom fields of an object, by name."""
    return {one.name: _filter(one) for one in custom_fields(object)}


def _filter(custom: Custom) -> FilterField:
    type_, operators = _ASKS[custom.kind]
    options: Callable[[Actor], Sequence[tuple[str, Any]]] | None = None
    shown: Callable[[str], str] = str
    if custom.kind in {"choice", "choices"}:
        options = partial(_choices, custom)
    elif custom.kind == "boolean":
        options = _yes_or_no
    elif custom.kind in {"number", "money"}:
        shown = _number
    return FilterField(
        custom.name, custom.title, type_, partial(_meets, custom), custom.name, options=options, shown=shown, operators=operators
    )


def _choices(custom: Custom, by: Actor) -> Sequence[tuple[str, Any]]:
    return [(one.code, one.title) for one in custom.choices]


def _yes_or_no(by: Actor) -> Sequence[tuple[str, Any]]:
    return YES_NO


def _number(word: str) -> str:
    return number(Decimal(word))


def _meets(custom: Custom, operator: str, value: Any, by: Actor) -> Q:
    order, plain = order_sql(custom), value_sql(custom)
    if operator in {"any", "none"}:
        there = Q(holds(f"({plain}) IS NOT NULL"))
        return there if operator == "any" else ~there
    if operator in {"min", "max"}:
        bound = value * 10 ** exponent(custom.currency) if custom.kind == "money" else value
        if operator == "min":
            return Q(holds(f"{order} >= %s", bound))
        return Q(holds(f"{order} <= %s", bound)) & Q(holds(f"{order} > {MISSING[custom.kind]}"))
    if _ASKS[custom.kind][0] == "day":
        return _within(custom, order, operator, value)
    if operator == "has":
        return Q(*(Q(holds(f"{order} LIKE akrab_normal(%s)", f"%{_escaped(one)}%")) for one in value), _connector="OR")
    if custom.kind == "choices":
        met = Q(holds(f"{plain} ?| %s::text[]", list(value)))
    elif custom.kind == "boolean":
        met = Q(holds(f"({plain}) = ANY(%s)", [_truth(one) for one in value]))
    elif custom.kind in {"text", "long", "url"}:
        met = Q(holds(f"{order} IN ({', '.join(['akrab_normal(%s)'] * len(value))})", *value))
    else:
        met = Q(holds(f"{order} = ANY(%s)", _words(custom, value, by)))
    return ~met if operator == "not" else met


def _truth(word: str) -> bool:
    if word not in {"yes", "no"}:
        raise FilterUnreadable(where=word[:60])
    return word == "yes"


def _words(custom: Custom, values: Sequence[str], by: Actor) -> list[str]:
    """Codes and ids; people may also be named by their address, the reader as `me`."""
    if custom.kind == "choice":
        known = {one.code for one in custom.choices}
        if unknown := [one for one in values if one not in known]:
            raise FilterUnreadable(where=unknown[0][:60])
        return list(values)
    words = [(by.person or by.id) if one == "me" else one for one in values]
    found = finder(custom, by, words)
    return [str(found[one]) for one in words if one in found]


def _within(custom: Custom, order: str, operator: str, value: Any) -> Q:
    """By whole days of the reader; a missing one is in no span."""
    if custom.kind == "date":
        first, last = (one.date().isoformat() for one in value)
    else:
        first, last = (one.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for one in value)
    there = Q(holds(f"{order} > ''"))
    match operator:
        case "within":
            return Q(holds(f"{order} >= %s", first)) & Q(holds(f"{order} < %s", last))
        case "before":
            return Q(holds(f"{order} < %s", first)) & there
        case "from":
            return Q(holds(f"{order} >= %s", first))
        case _:
            return Q(holds(f"{order} < %s", last)) & there


def custom_order(sort: str) -> Order:
    """The order that `custom.size` or `-custom.size` names, over rows that `arranged` prepared."""
    return Order((Key("sorted"),), descending=sort.startswith("-"))


def arranged(rows: Any, object: str, sort: str) -> Any:
    """Rows with what sorting by a custom field needs; rows of a built-in order stay as they are."""
    custom = custom_field(object, sort.removeprefix("-"))
    return rows.annotate(sorted=sorted_by(custom)) if custom else rows


def is_order(object: str, sort: str) -> bool:
    """Whether a list can be sorted so."""
    custom = custom_field(object, sort.removeprefix("-"))
    return custom is not None and custom.kind in SORTABLE


def sortable(object: str) -> list[Custom]:
    return [one for one in custom_fields(object) if one.kind in SORTABLE]


def with_computed(rows: Any, fields: Iterable[Custom]) -> Any:
    """Rows with the values of formulas as annotations."""
    formulas = {f"formula_{one.key}": value_of(one) for one in fields if one.type == "formula"}
    return rows.annotate(**formulas) if formulas else rows


def value_in(custom: Custom, row: Any) -> Any:
    """The value of a field in a loaded row."""
    if custom.type == "formula":
        return row.__dict__.get(f"formula_{custom.key}")
    return (row.computed if custom.type == "rollup" else row.custom).get(custom.key)


def cells(fields: Sequence[Custom], rows: Sequence[Any], *, by: Actor) -> list[tuple[str, ...]]:
    """What a list prints in custom columns, row by row; names of people and records are read once."""
    values = [[value_in(one, row) for one in fields] for row in rows]
    names = names_of(((one, value) for line in values for one, value in zip(fields, line, strict=True)), by=by)
    return [tuple(said(one, value, names) for one, value in zip(fields, line, strict=True)) for line in values]


def sums(rows: QuerySet[Any, Any], object: str, *, closed: Collection[str]) -> list[tuple[str, str]]:
    """The sums of numbers and money over a list, with their titles; closed fields are left out."""
    fields = [one for one in custom_fields(object) if one.kind in SUMMABLE and one.name not in closed]
    if not fields:
        return []
    found = rows.order_by().aggregate(**{f"sum_{one.key}": Sum(value_of(one)) for one in fields})
    return [(one.title, said(one, found[f"sum_{one.key}"])) for one in fields if found[f"sum_{one.key}"] is not None]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
