"""The tag `stencil`: the lines of a long list, drawn once and then filled with the values of each row."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_PLACE = re.compile("\x02([a-z_0-9.]+)\x03")


class Place(SafeString):
    """Where a value of each row will stand."""

    def __bool__(self) -> bool:
        raise TypeError("Inside a stencil a row's values are not known yet: decide where the rows are made.")


class Places:
    """Stands for a row while its line is drawn; a row that comes first says which values are tuples, and how long."""

    def __init__(self, first: Any) -> None:
        self.first = first

    def __getitem__(self, name: str) -> Any:
        return _places(self.first[name], name)


def _places(value: Any, path: str) -> Any:
    if isinstance(value, tuple):
        return [_places(one, f"{path}.{number}") for number, one in enumerate(value)]
    return Place(f"\x02{path}\x03")


class Stencil(template.Node):
    def __init__(self, rows: FilterExpression, name: str, line: NodeList) -> None:
        self.rows, self.name, self.line = rows, name, line

    def render(self, context: template.Context) -> SafeString:
        rows = self.rows.resolve(context)
        if not rows:
            return SafeString()
        with context.push(**{self.name: Places(rows[0])}):
            pieces: list[str] = _PLACE.split(self.line.render(context))
        paths = [path.split(".") for path in pieces[1::2]]
        lines = []
        for row in rows:
            pieces[1::2] = [conditional_escape(_value(row, path)) for path in paths]
            lines.append("".join(pieces))
        return mark_safe("".join(lines))  # noqa: S308 - the line was escaped as it was drawn, the values just now


def _value(row: Any, path: list[str]) -> Any:
    value = row[path[0]]
    for number in path[1:]:
        value = value[int(number)]
    return value


@register.tag
def stencil(parser: Parser, token: Token) -> Stencil:
    """{% stencil rows as one %}…{{ one.name }}…{% endstencil %}: a loop over rows of ready texts, which `row[name]` gives.

    What differs between rows must be in their values; whatever else the line says is worked out once for all of them.
    """
    _tag, rows, _as, name = token.split_contents()
    line = parser.parse(("endstencil",))
    parser.delete_first_token()
    return Stencil(parser.compile_filter(rows), name, line)
