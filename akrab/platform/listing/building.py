"""Building a filter tree step by step, each step an address: add a condition, take one away, turn AND into OR."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from akrab.platform.actor import Actor
from akrab.platform.listing.filtering import BARE, JOINED, SAID, SPANS, Filterable, FilterField
from akrab.platform.listing.tree import DEEPEST, Condition, Group, read_tree, write_tree
from akrab.platform.rights.fields import unreadable
from akrab.platform.rights.registry import protected

Address = Callable[[str], str]
"""The address of the builder with another tree."""


@dataclass(frozen=True, slots=True)
class Line:
    """A condition or a group as the builder shows it; `before` is the word between it and the part above."""

    depth: int
    words: str
    before: str
    drop: str
    turn: str = ""
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class Builder:
    """The tree in lines, the groups that can take more, and the condition that is being made."""

    lines: Sequence[Line]
    places: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, Any]]
    at: str = ""
    chosen: FilterField | None = None
    asks: Sequence[tuple[str, Any]] = ()
    ask: str = ""
    options: Sequence[tuple[str, Any]] = ()
    spans: Sequence[tuple[str, Any]] = field(default_factory=list)
    where: str = ""
    lacks_value: bool = False


def added(given: QueryDict) -> str:
    """The tree of an address with the condition that was just made in it; empty when none was made."""
    name, operator = given.get("field", ""), given.get("op", "")
    values = tuple(one.strip() for one in given.getlist("value") if one.strip())
    if "add" not in given or not name or not operator or not (values or operator in BARE):
        return ""
    tree, at = read_tree(given.get("where", "")), given.get("at", "")
    one: Condition | Group = Condition(name, operator, () if operator in BARE else values)
    if at.endswith("new"):
        one = Group("and", (one,))
        at = at.removesuffix("new").removesuffix(".")
    return write_tree(tree.put(at, one))


def build(filterable: Filterable, given: QueryDict, *, by: Actor, address: Address) -> Builder:
    """What the builder shows for an address; one that still asks to add lacks the value that its condition needs."""
    tree = read_tree(given.get("where", ""))
    closed = unreadable(by, filterable.protected)
    object_ = protected(filterable.protected)
    offered = filterable.known().values()
    fields = [one for one in offered if not (known := object_.field(one.protects)) or known.name not in closed]
    chosen = next((one for one in fields if one.name == given.get("field")), None)
    asks = [(one, SAID[one]) for one in chosen.asks] if chosen else []
    return Builder(
        lines=list(_lines(filterable, tree, tree, "", 0, by=by, address=address)),
        places=list(_places(filterable, tree, "", by=by)),
        fields=[(one.name, one.title) for one in fields],
        at=given.get("at", ""),
        chosen=chosen,
        asks=asks,
        ask=given.get("op", "") if given.get("op") in dict(asks) else asks[0][0] if asks else "",
        options=chosen.options(by) if chosen and chosen.options else [],
        spans=list(SPANS.items()),
        where=write_tree(tree),
        lacks_value="add" in given and chosen is not None,
    )


def _lines(filterable: Filterable, whole: Group, group: Group, place: str, depth: int, *, by: Actor, address: Address) -> Any:
    for number, part in enumerate(group.parts):
        here = f"{place}.{number}" if place else str(number)
        before = str(JOINED[group.joined]) if number else ""
        turn = address(write_tree(whole.turned(place))) if number == 1 else ""
        drop = address(write_tree(whole.without(here)))
        if isinstance(part, Group):
            yield Line(depth, _("A group:"), before, drop, turn, is_group=True)
            yield from _lines(filterable, whole, part, here, depth + 1, by=by, address=address)
        else:
            yield Line(depth, filterable.say(part, by=by), before, drop, turn)


def _places(filterable: Filterable, group: Group, place: str, *, by: Actor) -> Any:
    """Where a condition can go: into a group, or into a new group inside it."""
    words = _("the whole filter") if not place else _("the group “%(words)s”") % {"words": filterable.say(group, by=by)}
    yield place, words
    if place.count(".") + 1 < DEEPEST - 1 and group.parts:
        yield (f"{place}.new" if place else "new"), _("a new group in %(place)s") % {"place": words}
    for number, part in enumerate(group.parts):
        if isinstance(part, Group):
            yield from _places(filterable, part, f"{place}.{number}" if place else str(number), by=by)
