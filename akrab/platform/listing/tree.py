"""Filter trees: conditions joined by AND and OR, written compactly in an address, read back, said in words; pure data.

`city:is:Bandung;(spend:min:500000,last:within:30d)` reads: in Bandung, and either spent at least 500,000 or bought
within 30 days. `;` is AND, `,` is OR, `|` separates values; a value that has one of these is put between single quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from akrab.platform.refusal import Refusal

DEEPEST = 4
MOST = 40
JOINS = {";": "and", ",": "or"}
SIGNS = {"and": ";", "or": ","}
_TOKEN = re.compile(r"[;,()]|[a-z][a-z0-9_.]*:[a-z_]+(?::(?:'(?:[^']|'')*'|[^;,()'|]+)(?:\|(?:'(?:[^']|'')*'|[^;,()'|]+))*)?")
_VALUE = re.compile(r"'((?:[^']|'')*)'|([^|]+)")


class FilterUnreadable(Refusal):
    """A filter in an address that is not one."""

    code = "filter_invalid"
    status = 422
    message = _("This filter cannot be read: %(where)s")


@dataclass(frozen=True, slots=True)
class Condition:
    """One field, what is asked of it, and the values to compare with."""

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions and groups of which all hold (and), or any (or)."""

    joined: str = "and"
    parts: tuple[Condition | Group, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)

    def conditions(self) -> Iterator[Condition]:
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.conditions()
            else:
                yield part

    def put(self, place: str, part: Condition | Group) -> Group:
        """The tree with one part more in the group at a place, such as `1.0`; the whole is at the empty place."""
        if not place:
            return replace(self, parts=(*self.parts, part))
        first, _dot, rest = place.partition(".")
        parts = list(self.parts)
        inner = parts[_index(first, len(parts))]
        if not isinstance(inner, Group):
            raise FilterUnreadable(where=place)
        parts[int(first)] = inner.put(rest, part)
        return replace(self, parts=tuple(parts))

    def without(self, place: str) -> Group:
        """The tree without the part at a place; a group that becomes empty goes too."""
        first, _dot, rest = place.partition(".")
        parts: list[Condition | Group] = list(self.parts)
        inner = parts[_index(first, len(parts))]
        if not rest:
            del parts[int(first)]
        elif isinstance(inner, Group):
            left = inner.without(rest)
            parts[int(first) : int(first) + 1] = [left] if left else []
        return replace(self, parts=tuple(parts))

    def turned(self, place: str) -> Group:
        """The tree with the other joining word in the group at a place."""
        if not place:
            return replace(self, joined="or" if self.joined == "and" else "and")
        first, _dot, rest = place.partition(".")
        parts = list(self.parts)
        inner = parts[_index(first, len(parts))]
        if isinstance(inner, Group):
            parts[int(first)] = inner.turned(rest)
        return replace(self, parts=tuple(parts))


NO_FILTER = Group()


def read_tree(text: str) -> Group:
    """The tree that a text of an address says."""
    text = text.strip()
    if not text:
        return NO_FILTER
    tokens = _tokens(text)
    tree, place = _group(tokens, 0, 1)
    if place < len(tokens):
        raise FilterUnreadable(where=tokens[place][:60])
    if sum(1 for _one in tree.conditions()) > MOST:
        raise FilterUnreadable(where=_("too many conditions"))
    return tree


def write_tree(tree: Group) -> str:
    """The same as text; reading it gives the tree back."""
    return SIGNS[tree.joined].join(f"({write_tree(one)})" if isinstance(one, Group) else _written(one) for one in tree.parts)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise FilterUnreadable(where=text[at : at + 60])
        found.append(token[0])
        at = token.end()
    return found


def _group(tokens: list[str], at: int, depth: int) -> tuple[Group, int]:
    if depth > DEEPEST:
        raise FilterUnreadable(where=_("groups inside groups, too deep"))
    parts: list[Condition | Group] = []
    joined = ""
    while True:
        if at >= len(tokens) or tokens[at] in {")", ";", ","}:
            raise FilterUnreadable(where=tokens[at] if at < len(tokens) else _("it ends too early"))
        if tokens[at] == "(":
            inner, at = _group(tokens, at + 1, depth + 1)
            if at >= len(tokens) or tokens[at] != ")":
                raise FilterUnreadable(where=_("it ends too early"))
            parts.append(inner)
            at += 1
        else:
            parts.append(_condition(tokens[at]))
            at += 1
        if at >= len(tokens) or tokens[at] == ")":
            return Group(joined or "and", tuple(parts)), at
        if tokens[at] not in JOINS or (joined and JOINS[tokens[at]] != joined):
            raise FilterUnreadable(where=_("and with or needs brackets"))
        joined = JOINS[tokens[at]]
        at += 1


def _condition(token: str) -> Condition:
    field, operator, *rest = token.split(":", 2)
    values = (
        [(quoted.replace("''", "'") if quoted else plain).strip() for quoted, plain in _VALUE.findall(rest[0])] if rest else []
    )
    return Condition(field, operator, tuple(one for one in values if one))


def _written(one: Condition) -> str:
    head = f"{one.field}:{one.operator}"
    return f"{head}:{'|'.join(map(_quoted, one.values))}" if one.values else head


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'" if re.search(r"[;,()'|]", value) else value


def _index(word: str, size: int) -> int:
    if not word.isdecimal() or int(word) >= size:
        raise FilterUnreadable(where=word)
    return int(word)
