"""What agents may ask for: tools that rooms declare in `api/tools.py`. They read, or they propose; none changes anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from akrab.platform.actor import Actor
from akrab.platform.agents.models import Proposal
from akrab.platform.refusal import Invalid

Run = Callable[[Actor, Mapping[str, Any]], Any]
ROWS = 20
TEXT = 2000


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: its verb, what it says of itself to the agent, its arguments as JSON Schema, and how it runs."""

    name: str
    title: str | Promise
    may: str
    describes: str
    arguments: Mapping[str, Any]
    required: Sequence[str]
    run: Run
    proposes: bool

    @property
    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": dict(self.arguments),
            "required": list(self.required),
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Proposable:
    """A kind of proposal: the verb that deciding needs, and the ordinary operation that approving runs."""

    kind: str
    title: str | Promise
    icon: str
    may: str
    apply: Callable[[Actor, Proposal, datetime], object]
    labels: Mapping[str, str | Promise]
    link: Callable[[UUID], str] = lambda _about: ""


_TOOLS: dict[str, Tool] = {}
_KINDS: dict[str, Proposable] = {}


def tool(
    name: str,
    *,
    title: str | Promise,
    may: str,
    arguments: Mapping[str, Any],
    required: Sequence[str] = (),
    proposes: bool = False,
) -> Callable[[Run], Run]:
    """Declare a tool; the docstring of the function is what the agent reads."""

    def declare(run: Run) -> Run:
        _TOOLS[name] = Tool(name, title, may, " ".join((run.__doc__ or "").split()), arguments, required, run, proposes)
        return run

    return declare


def proposable(kind: Proposable) -> None:
    """Declare what can be proposed."""
    _KINDS[kind.kind] = kind


def all_tools() -> dict[str, Tool]:
    _discover()
    return dict(sorted(_TOOLS.items()))


def proposables() -> dict[str, Proposable]:
    _discover()
    return _KINDS


def id_in(given: Mapping[str, Any], name: str) -> UUID:
    """An id among the arguments."""
    try:
        return UUID(str(given.get(name, "")))
    except ValueError as trouble:
        raise Invalid({name: "Not an id."}) from trouble


def rows_in(given: Mapping[str, Any]) -> int:
    """How many rows are wanted, never more than the cap."""
    return max(1, min(int(given.get("limit", ROWS)), ROWS))


@cache
def _discover() -> None:
    autodiscover_modules("api.tools", "views.tools")
