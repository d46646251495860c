"""The tag `stencil`: the lines of a long list, drawn once and then filled with the values of each row."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_UNKNOWN = "Inside a stencil a row's values are not known yet: decide where the rows are made."


class Place(SafeString):
    """Where a value of each row will stand; it can be put into a line, and nothing can be asked of it."""

    misuses: list[str]

    def misused(self) -> TypeError:
        self.misuses.append(self)  # `if` answers false to whatever is raised in it, so the stencil raises once more
        return TypeError(_UNKNOWN)

    def __bool__(self) -> bool:
        raise self.misused()

    def __eq__(self, other: object) -> bool:
        raise self.misused()

    def __ne__(self, other: object) -> bool:
        raise self.misused()

    __hash__ = SafeString.__hash__


class Places:
    """Stands for a row while its line is drawn; a row that comes first says which values are tuples, and how long.

    What marks a place is made anew for each drawing, so that no text of the page or of a row can pass for one.
    """

    def __init__(self, first: Any) -> None:
        self.first = first
        self.mark = f"\x02{secrets.token_hex(8)}:"
        self.misuses: list[str] = []

    def __getitem__(self, name: str) -> Any:
        return self._places(self.first[name], name)

    def _places(self, value: Any, path: str) -> Any:
        if isinstance(value, tuple):
            return [self._places(one, f"{path}.{number}") for number, one in enumerate(value)]
        place = Place(f"{self.mark}{path}\x03")
        place.misuses = self.misuses
        return place


class Expression(FilterExpression):
    """An expression of a line: a filter would work on the place and not on its value, a condition on nothing at all."""

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        asked = [arg for _func, args in self.filters for lookup, arg in args if lookup]
        if self.is_var and (self.filters or ignore_failures):  # conditions ignore what is not there
            asked.append(self.var)
        for one in asked:
            with suppress(template.VariableDoesNotExist):
                if isinstance(place := one.resolve(context), Place):
                    raise place.misused()
        return super().resolve(context, ignore_failures)


class Stencil(template.Node):
    def __init__(self, rows: FilterExpression, name: str, line: NodeList) -> None:
        self.rows, self.name, self.line = rows, name, line

    def render(self, context: template.Context) -> SafeString:
        rows = self.rows.resolve(context)
        if not rows:
            return SafeString()
        places = Places(rows[0])
        with context.push(**{self.name: places}):
            head, *rest = self.line.render(context).split(places.mark)
        if places.misuses:
            raise TypeError(_UNKNOWN)
        pieces: list[str] = [head]
        paths = []
        for one in rest:
            path, _end, text = one.partition("\x03")
            paths.append(path.split("."))
            pieces += ["", text]
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
    found, compile_filter = parser.compile_filter(rows), parser.compile_filter
    parser.compile_filter = lambda text: Expression(text, parser)  # type: ignore[method-assign, assignment]
    try:
        line = parser.parse(("endstencil",))
    finally:
        parser.compile_filter = compile_filter  # type: ignore[method-assign]
    parser.delete_first_token()
    return Stencil(found, name, line)
