"""History as an actor may see it: facts about what they cannot reach are left out, closed fields are taken out of payloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.rights.fields import unreadable
from akrab.platform.rights.limits import is_limited, reachable, where
from akrab.platform.rights.registry import Protected, all_protected


def facts_within_reach(by: Actor, alias: str) -> tuple[list[str], dict[str, Any]]:
    """Conditions, with their parameters, on rows of the fact log; none when nothing limits the actor."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    for place, what in enumerate(one for one in all_protected() if one.subject and is_limited(by, one.name)):
        inner, more = where(by, what.name, f"o{place}", prefix=f"fact{place}")
        values |= more
        seen = f"EXISTS (SELECT 1 FROM {what.table} o{place} WHERE o{place}.id = {{}} AND {inner})"
        if what.subject == "customer":
            column = f"{alias}.customer_id"
            conditions.append(f"({column} IS NULL OR {seen.format(column)})")
        else:
            values[f"subject{place}"] = what.subject
            column = f"{alias}.subject_id"
            conditions.append(f"({alias}.subject_kind <> %(subject{place})s OR {seen.format(column)})")
    return conditions, values


def seen_payloads(by: Actor, facts: Sequence[tuple[str, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """The payloads of facts (kind, payload), without what the actor may not know."""
    payloads = [dict(payload) for _kind, payload in facts]
    for what in all_protected():
        closed = unreadable(by, what.name)
        if closed and what.history:
            _take_out(what, closed, facts, payloads)
        if what.named_in and is_limited(by, what.name):
            _take_names_out(by, what, facts, payloads)
    return payloads


def _take_out(
    what: Protected, closed: frozenset[str], facts: Sequence[tuple[str, Mapping[str, Any]]], payloads: list[dict[str, Any]]
) -> None:
    def is_closed(word: str) -> bool:
        field = what.field(word)
        return bool(field and field.name in closed)

    for place, (kind, _payload) in enumerate(facts):
        if kind in what.history:
            payloads[place] = what.history[kind](payloads[place], is_closed)


def _take_names_out(
    by: Actor, what: Protected, facts: Sequence[tuple[str, Mapping[str, Any]]], payloads: list[dict[str, Any]]
) -> None:
    places = [(place, what.named_in[kind]) for place, (kind, _payload) in enumerate(facts) if kind in what.named_in]
    named = {UUID(str(payloads[place][names[0]])) for place, names in places if payloads[place].get(names[0])}
    known = reachable(by, what.name, sorted(named))
    for place, names in places:
        given = payloads[place].get(names[0])
        if given and UUID(str(given)) not in known:
            payloads[place] |= dict.fromkeys(names[1:], "")
            payloads[place][names[0]] = None
