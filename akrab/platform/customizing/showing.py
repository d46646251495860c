"""Custom values as a reader may see them: on a record's page, covered where rules say so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse

from akrab.platform.actor import Actor
from akrab.platform.customizing.declaring import customizable_named
from akrab.platform.customizing.fields import PREFIX, Custom, custom_fields, grouped
from akrab.platform.customizing.listing import value_in
from akrab.platform.customizing.values import said
from akrab.platform.customizing.writing import names_of
from akrab.platform.rights.fields import DOTS


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a record as its page shows it; `link` leads to the record or address that it names."""

    title: str
    text: str
    link: str = ""
    is_long: bool = False
    note: str = ""
    is_number: bool = False


def cover_custom(loaded: dict[str, Any], closed: Sequence[tuple[str, str]]) -> None:
    """Take closed values out of a loaded row; a masked text keeps that it is there."""
    for name, given in closed:
        if not name.startswith(PREFIX):
            continue
        key = name.removeprefix(PREFIX)
        for column in ("custom", "computed"):
            values = loaded.get(column)
            if values and key in values:
                rest = {one: value for one, value in values.items() if one != key}
                keeps = given == "masked" and column == "custom" and isinstance(values[key], str)
                loaded[column] = {**rest, key: Covered(DOTS)} if keeps else rest
        loaded.pop(f"formula_{key}", None)


class Covered(str):
    """A value of which only is seen that it is there."""

    __slots__ = ()


def shown_groups(object: str, row: Any, *, by: Actor, closed: Collection[str] = ()) -> list[tuple[str, list[Line]]]:
    """The filled fields of a loaded row, group by group; those that are worked out are marked."""
    fields = custom_fields(object)
    values = {one.name: value_in(one, row) for one in fields}
    filled = [one for one in fields if values[one.name] is not None]
    names = names_of(((one, values[one.name]) for one in filled), by=by)
    return [(title, [_line(one, values[one.name], names) for one in members]) for title, members in grouped(filled)]


def _line(custom: Custom, value: Any, names: Mapping[str, str]) -> Line:
    if isinstance(value, Covered):
        return Line(custom.title, str(value))
    link = ""
    if custom.kind == "url":
        link = str(value)
    elif custom.kind == "link" and str(value) in names:
        link = _page(customizable_named(custom.target).page, str(value))
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return Line(custom.title, said(custom, value, names), link, custom.kind in {"long", "url"}, is_number=is_number)


def _page(name: str, key: str) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
