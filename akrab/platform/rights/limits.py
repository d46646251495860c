"""The limits that record rules and shares set for an actor, as one condition for each object and level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.refusal import NotFound, Refusal
from akrab.platform.rights.conditions import (
    EVERYTHING,
    NOTHING,
    Absent,
    Condition,
    Inside,
    Term,
    Whole,
    as_q,
    as_sql,
    decided_by,
    every,
    no,
    some,
)
from akrab.platform.rights.registry import Protected, protected
from akrab.platform.rights.standing import LEVELS, Rule, Standing, standing_of

R = TypeVar("R", bound=QuerySet[Any, Any])


class NotYoursToChange(Refusal):
    """The actor sees the record, and a rule keeps them from changing it."""

    code = "not_yours_to_change"
    status = 403
    message = _("You may see this, but not change it: it belongs to somebody else. Its owner or an administrator can share it.")


def limit(by: Actor, name: str, level: str = "read", *, with_trash: bool = False) -> Condition:
    """Which rows of an object the actor may reach at a level; what lies in the trash nobody, unless it is asked for."""
    what = protected(name)
    rules = _rules(by, name, level)
    return every([Absent(what.trash), rules]) if what.trash and not with_trash else rules


def _rules(by: Actor, name: str, level: str) -> Condition:
    standing = standing_of(by)
    if not standing.is_bound:
        return EVERYTHING
    key = f"limit {name} {level}"
    if key not in by.known:
        by.known[key] = condition_of(standing, protected(name), level, by=by)
    found: Condition = by.known[key]
    return found


def condition_of(standing: Standing, what: Protected, level: str, *, by: Actor) -> Condition:
    """Rules narrow level by level, shares open single records, and what is denied stays closed."""
    levels = LEVELS[: LEVELS.index(level) + 1]
    rules = [one for one in standing.rules if one.object == what.name]
    granted = []
    for each in levels:
        if any(one.effect == "allow" and one.level == each for one in rules):
            above = LEVELS[LEVELS.index(each) :]
            allowing = [one for one in rules if one.effect == "allow" and one.level in above]
            granted.append(some(scope_of(standing, what, one, by=by) for one in allowing))
    denied = some(scope_of(standing, what, one, by=by) for one in rules if one.effect == "deny" and one.level in levels)
    shared = shared_ids(standing, what, level)
    opened = some([every(granted), Term("id", "any", shared, "uuid[]") if shared else NOTHING])
    return every([opened, no(denied)])


def shared_ids(standing: Standing, what: Protected, level: str) -> list[UUID]:
    """The records that are shared with the actor at a level or above."""
    above = LEVELS[LEVELS.index(level) :]
    return sorted({one for (name, given), ids in standing.shares.items() if name == what.name and given in above for one in ids})


def scope_of(standing: Standing, what: Protected, rule: Rule, *, by: Actor) -> Condition:
    """The rows that one rule is about."""
    if rule.scope == "filter":
        return every(_filtered(what, *one) for one in rule.filter) if rule.filter else NOTHING
    return scope_named(standing, what, rule.scope, by=by)


def scope_named(standing: Standing, what: Protected, scope: str, *, by: Actor) -> Condition:
    """The rows of a scope that needs no filter: all, own, team, unit, customer; of any other, none."""
    match scope:
        case "all":
            return EVERYTHING
        case "own":
            return some(_people(what, [standing.person] if standing.person else []))
        case "team":
            teams = Term(what.team, "any", list(standing.teams_below), "uuid[]")
            own = {*standing.people, *([standing.person] if standing.person else [])}
            return some([*_people(what, sorted(own)), teams if what.team and standing.teams_below else NOTHING])
        case "unit":
            units = list(standing.units.get(what.unit_kind, ()))
            return Term(what.unit, "any", units, "uuid[]") if units and what.unit else NOTHING
        case "customer":
            inner = limit(by, "customers.customer")
            if isinstance(inner, Whole):
                return inner
            return Inside(what.customer, protected("customers.customer").table, inner) if what.customer else NOTHING
        case _:
            return NOTHING


def _people(what: Protected, people: Sequence[UUID]) -> list[Condition]:
    if not people:
        return []
    if what.people:
        return [Term(what.people, "overlap", list(people), "uuid[]")]
    return [Term(what.owner, "any", list(people), "uuid[]")] if what.owner else []


def _filtered(what: Protected, name: str, operator: str, value: Any) -> Condition:
    """One comparison of a stored filter; what the object does not declare lets nothing through."""
    column = what.filters.get(name)
    if column is None:
        return NOTHING
    match operator:
        case "is":
            return Term(column, "eq", value)
        case "is_not":
            return no(Term(column, "eq", value))
        case "at_least":
            return Term(column, "ge", value)
        case "at_most":
            return Term(column, "le", value)
        case "has":
            return Term(column, "has", "%" + str(value).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
        case _:
            return NOTHING


def is_limited(by: Actor, name: str, level: str = "read") -> bool:
    """Whether there are records of the object that the actor may not reach."""
    return _rules(by, name, level) != EVERYTHING


def narrowed(rows: R, by: Actor, name: str, level: str = "read", *, through: str = "", with_trash: bool = False) -> R:
    """The rows that the actor may reach; untouched when nothing limits them."""
    condition = limit(by, name, level, with_trash=with_trash)
    return rows if condition == EVERYTHING else rows.filter(as_q(condition, through=through))


def where(
    by: Actor, name: str, alias: str, level: str = "read", *, prefix: str = "may", with_trash: bool = False
) -> tuple[str, dict[str, Any]]:
    """The same for SQL text: a condition over a table's alias and its named parameters."""
    return as_sql(limit(by, name, level, with_trash=with_trash), alias, prefix=prefix)


def where_all(by: Actor, name: str, alias: str, *columns: str, prefix: str = "all") -> tuple[str, dict[str, Any]]:
    """For a table that sums up the object by some of its columns: where the actor may read every row that is summed up."""
    return as_sql(decided_by(frozenset(columns), _rules(by, name, "read")), alias, prefix=prefix)


def reachable(by: Actor, name: str, ids: Sequence[UUID], level: str = "read", *, with_trash: bool = False) -> set[UUID]:
    """Those of these records that the actor may reach."""
    if not ids:
        return set()
    if not is_limited(by, name, level):
        return set(ids)
    condition, values = where(by, name, "t", level, with_trash=with_trash)
    sql = f"SELECT t.id FROM {protected(name).table} t WHERE t.id = ANY(%(ids)s::uuid[]) AND {condition}"
    rows = fetch(sql, {"ids": list(ids), **values})
    return {row[0] for row in rows}


def demand(by: Actor, name: str, ids: Sequence[UUID], level: str = "edit", *, with_trash: bool = False) -> None:
    """Refuse the whole set when one record is out of reach: not found where it is not seen, forbidden where it is."""
    if not ids or not is_limited(by, name, level):
        return
    wanted = set(ids)
    if wanted - reachable(by, name, list(wanted), with_trash=with_trash):
        raise NotFound
    if level != "read" and wanted - reachable(by, name, list(wanted), level, with_trash=with_trash):
        raise NotYoursToChange
