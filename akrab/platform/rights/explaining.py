"""Why somebody may or may not: every rule that speaks to them, whether it holds for the record, and which one decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.models import User
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound
from akrab.platform.rights.conditions import as_sql
from akrab.platform.rights.fields import deciding
from akrab.platform.rights.limits import condition_of, scope_of, shared_ids
from akrab.platform.rights.registry import Protected, protected
from akrab.platform.rights.saying import say_field_rule, say_record_rule
from akrab.platform.rights.standing import LEVELS, Rule, Standing, standing_of


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule and whether it holds for the record."""

    rule_id: UUID | None
    says: str
    holds: bool


@dataclass(frozen=True, slots=True)
class LevelAnswer:
    """Whether a level is allowed, and the reason in words; `rule_id` is the rule behind it, if there is one."""

    level: str
    allowed: bool
    reason: str
    rule_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a person may do with a record and its fields, and why."""

    person: str
    role: str
    object: str
    record_id: UUID
    record: str
    levels: Sequence[LevelAnswer]
    rules: Sequence[RuleLine]
    teams: Sequence[str]
    fields: Sequence[tuple[str, str, str, UUID | None]] = field(default_factory=list)


def explain(*, by: Actor, email: str, object: str, record_id: UUID, field: str = "") -> Explanation:
    """Name the rule behind every yes and no for one person and one record."""
    require(by, "platform.manage_rules")
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise NotFound
    what = protected(object)
    rows = fetch(f"SELECT {what.label or 'id'}::text FROM {what.table} WHERE id = %s", [record_id])
    if not rows:
        raise NotFound
    actor = actor_for(user)
    standing = standing_of(actor)
    lines = _lines(actor, standing, what, record_id)
    return Explanation(
        str(user),
        str(user.get_role_display()),
        what.name,
        record_id,
        rows[0][0],
        [_level(actor, user, standing, what, level, record_id, lines) for level in LEVELS[:2]],
        [line for _rule, line in lines],
        [
            row[0]
            for row in fetch("SELECT name FROM platform_team WHERE id = ANY(%s::uuid[]) ORDER BY name", [list(standing.teams)])
        ],
        [_field(standing, what, one.name, str(one.title)) for one in what.all_fields if not field or field in one.all_names],
    )


def actor_for(user: User) -> Actor:
    """The actor that a person is on a page."""
    return Actor("person", str(user.pk), str(user), user.role, "page", language=user.language, zone=user.zone)


def who_may_see(*, by: Actor, object: str, record_id: UUID, most: int = 100) -> list[tuple[str, LevelAnswer]]:
    """The active people who may see a record, each with the reason."""
    what = protected(object)
    require(by, what.verb)
    found = []
    for user in User.objects.filter(is_active=True).order_by("name", "email")[:most]:
        actor = actor_for(user)
        standing = standing_of(actor)
        lines = _lines(actor, standing, what, record_id)
        answers = [_level(actor, user, standing, what, level, record_id, lines) for level in LEVELS[:2]]
        allowed = [one for one in answers if one.allowed]
        if allowed:
            found.append((str(user), allowed[-1]))
    return found


def _lines(actor: Actor, standing: Standing, what: Protected, record_id: UUID) -> list[tuple[Rule, RuleLine]]:
    rules = [one for one in standing.rules if one.object == what.name]
    if not rules:
        return []
    columns, values = [], dict[str, Any](id=record_id)
    for place, rule in enumerate(rules):
        sql, more = as_sql(scope_of(standing, what, rule, by=actor), "t", prefix=f"r{place}")
        columns.append(f"coalesce({sql}, false)")
        values |= more
    held = fetch(f"SELECT {', '.join(columns)} FROM {what.table} t WHERE t.id = %(id)s", values)[0]
    return [
        (rule, RuleLine(rule.id, say_record_rule(what, rule.effect, rule.level, rule.scope, rule.filter, _who(rule.who)), holds))
        for rule, holds in zip(rules, held, strict=True)
    ]


def _level(
    actor: Actor,
    user: User,
    standing: Standing,
    what: Protected,
    level: str,
    record_id: UUID,
    lines: Sequence[tuple[Rule, RuleLine]],
) -> LevelAnswer:
    verb = what.verb if level == "read" else what.edit_verb or what.verb
    if not user.is_active:
        return LevelAnswer(level, False, _("The account is switched off."))
    if not actor.may(verb):
        return LevelAnswer(
            level, False, _("The role %(role)s does not have %(verb)s.") % {"role": user.get_role_display(), "verb": verb}
        )
    if not standing.is_bound:
        always = _("Administrators are not limited by rules.") if user.role == "administrator" else _("No rule limits anybody.")
        return LevelAnswer(level, True, always)
    below = LEVELS[: LEVELS.index(level) + 1]
    denial = next((line for rule, line in lines if rule.effect == "deny" and rule.level in below and line.holds), None)
    if denial is not None:
        return LevelAnswer(level, False, denial.says, denial.rule_id)
    sql, values = as_sql(condition_of(standing, what, level, by=actor), "t")
    allowed = bool(fetch(f"SELECT 1 FROM {what.table} t WHERE t.id = %(id)s AND {sql}", {"id": record_id, **values}))
    limiting = [line for rule, line in lines if rule.effect == "allow" and rule.level in below]
    if allowed and record_id in shared_ids(standing, what, level):
        return LevelAnswer(level, True, _("It is shared with them."))
    if allowed:
        letting = next((line for rule, line in lines if rule.effect == "allow" and line.holds), None)
        if letting is None or not limiting:
            return LevelAnswer(level, True, _("The role allows it, and no rule narrows it."))
        return LevelAnswer(level, True, letting.says, letting.rule_id)
    missed = next((line for line in limiting if not line.holds), None)
    reason = _("%(rule)s This is not one of them.") % {"rule": missed.says} if missed else _("No rule lets them.")
    return LevelAnswer(level, False, reason, missed.rule_id if missed else None)


def _field(standing: Standing, what: Protected, name: str, title: str) -> tuple[str, str, str, UUID | None]:
    rule = deciding(standing, what.name, name) if standing.is_bound else None
    if rule is None:
        return title, "edit", _("No rule speaks of this field."), None
    return title, rule.access, say_field_rule(what, name, rule.access, _who(rule.who)), rule.id


def _who(kind: str) -> str:
    return {"role": _("Their role"), "team": _("Their team"), "person": _("This person")}.get(kind, _("Everybody"))
