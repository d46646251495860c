"""Where an actor stands: teams, units, the rules that speak to them, and what is shared with them, read at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.rights.rules_exist import ANY_RULE

LEVELS = ("read", "edit", "delete")
UNBOUND = frozenset({"system", "command"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A record rule that speaks to an actor."""

    id: UUID
    object: str
    effect: str
    level: str
    scope: str
    filter: tuple[tuple[str, str, Any], ...]
    who: str


@dataclass(frozen=True, slots=True)
class FieldAccess:
    """A field rule that speaks to an actor; `rank` grows with how closely it names them."""

    id: UUID
    object: str
    field: str
    access: str
    who: str
    rank: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the policy knows of an actor; `is_bound` is False for those whom no rule limits."""

    is_bound: bool
    person: UUID | None = None
    teams: tuple[UUID, ...] = ()
    teams_below: tuple[UUID, ...] = ()
    people: tuple[UUID, ...] = ()
    units: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    fields: tuple[FieldAccess, ...] = ()
    shares: Mapping[tuple[str, str], tuple[UUID, ...]] = field(default_factory=dict)


FREE = Standing(False)

_TEAMS = """
mine AS (
    SELECT team_id AS id FROM platform_membership
    WHERE person_id = %(person)s AND since <= %(today)s AND (until IS NULL OR until >= %(today)s)
    UNION SELECT id FROM platform_team WHERE lead_id = %(person)s AND retired_at IS NULL
), below AS (
    SELECT id FROM mine UNION SELECT t.id FROM platform_team t JOIN below b ON t.parent_id = b.id
), above AS (
    SELECT id FROM mine UNION SELECT t.parent_id FROM platform_team t JOIN above a ON t.id = a.id WHERE t.parent_id IS NOT NULL
), people AS (
    SELECT person_id AS id FROM platform_membership JOIN below ON below.id = team_id
    WHERE since <= %(today)s AND (until IS NULL OR until >= %(today)s)
    UNION SELECT lead_id FROM platform_team JOIN below USING (id) WHERE lead_id IS NOT NULL
)
"""
_TO_ME = (
    "r.retired_at IS NULL AND ((r.role = '' AND r.team_id IS NULL AND r.person_id IS NULL) OR r.role = %(role)s "
    "OR r.person_id = %(person)s OR r.team_id IN (SELECT id FROM above))"
)
_WHO = (
    "CASE WHEN r.person_id IS NOT NULL THEN 'person' WHEN r.team_id IS NOT NULL THEN 'team' "
    "WHEN r.role <> '' THEN 'role' ELSE '' END"
)
_SQL = f"""
WITH RECURSIVE {_TEAMS}
SELECT {ANY_RULE},
    ARRAY(SELECT id FROM mine), ARRAY(SELECT id FROM below), ARRAY(SELECT id FROM people),
    (SELECT json_agg(json_build_array(kind, unit_id)) FROM platform_unitmember WHERE person_id = %(person)s)::text,
    (SELECT json_agg(json_build_array(r.id, r.object, r.effect, r.level, r.scope, r.filter, {_WHO}) ORDER BY r.created_at, r.id)
     FROM platform_recordrule r WHERE {_TO_ME})::text,
    (SELECT json_agg(json_build_array(r.id, r.object, r.field, r.access, {_WHO}) ORDER BY r.created_at, r.id)
     FROM platform_fieldrule r WHERE {_TO_ME})::text,
    (SELECT json_agg(json_build_array(s.object, s.level, s.record_id)) FROM platform_share s
     WHERE s.ended_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > %(now)s)
       AND (s.person_id = %(person)s OR s.team_id IN (SELECT id FROM above)))::text
"""
RANKS = {"": 0, "role": 1, "team": 2, "person": 3}


def standing_of(by: Actor) -> Standing:
    """The actor's standing, read once for each actor; one who comes in anew is read anew."""
    if by.role == "administrator" or by.kind in UNBOUND or by.ruled is False:
        return FREE
    if "standing" not in by.known:
        by.known["standing"] = _read(by)
    found: Standing = by.known["standing"]
    return found if found.is_bound else FREE


def belonging_of(by: Actor) -> Standing:
    """Teams and units also of those whom no rule limits, for filters such as "my team's"."""
    if "belonging" not in by.known:
        by.known["belonging"] = by.known.get("standing") or _read(by)
    found: Standing = by.known["belonging"]
    return found


def _read(by: Actor) -> Standing:
    person, moment = person_of(by), datetime.now(UTC)
    row = fetch(_SQL, {"person": person, "role": by.role, "today": moment.astimezone(by.tzinfo).date(), "now": moment})[0]
    bound, mine, below, people, units, rules, fields, shares = row
    return Standing(
        bool(bound),
        person,
        tuple(mine),
        tuple(below),
        tuple(people),
        _grouped((kind, UUID(one)) for kind, one in json.loads(units or "[]")),
        tuple(_rule(one) for one in json.loads(rules or "[]")),
        tuple(FieldAccess(UUID(one[0]), one[1], one[2], one[3], one[4], RANKS[one[4]]) for one in json.loads(fields or "[]")),
        _grouped(((name, level), UUID(one)) for name, level, one in json.loads(shares or "[]")),
    )


def _rule(one: list[Any]) -> Rule:
    rule, name, effect, level, scope, parts, who = one
    return Rule(UUID(rule), name, effect, level, scope, tuple((part[0], part[1], part[2]) for part in parts), who)


def _grouped(pairs: Any) -> dict[Any, tuple[UUID, ...]]:
    found: dict[Any, list[UUID]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return {key: tuple(ids) for key, ids in found.items()}


def person_of(by: Actor) -> UUID | None:
    """The person behind an actor; a key acts for the person who holds it."""
    word = by.person or (by.id if by.kind == "person" else "")
    try:
        return UUID(word) if word else None
    except ValueError:
        return None
