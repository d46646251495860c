"""The policy as administrators read it: rules in plain words, what a change would touch, and shares of a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.models import FieldRule, RecordRule, Share, User
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound
from akrab.platform.rights.conditions import as_sql
from akrab.platform.rights.explaining import actor_for
from akrab.platform.rights.fields import field_access
from akrab.platform.rights.limits import condition_of, demand
from akrab.platform.rights.registry import Protected, all_protected, protected
from akrab.platform.rights.saying import say_field_rule, say_record_rule
from akrab.platform.rights.standing import standing_of

MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """A rule with its sentence."""

    id: UUID
    kind: str
    says: str
    who: str
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ObjectRules:
    """The rules of one object."""

    name: str
    title: str
    records: Sequence[RuleSaid]
    fields: Sequence[RuleSaid]
    has_fields: bool


@dataclass(frozen=True, slots=True)
class Touch:
    """What a change of the policy does: for whom, and how many records are seen before and after."""

    person: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class FieldTouch:
    """What a change of the policy does with a field: for whom, and their access before and after."""

    person: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change touches: people whose sight or editing changes, the first of them named; `blind` are left with nothing."""

    people: int
    lines: Sequence[Touch]
    total: int
    blind: int = 0
    fields: Sequence[FieldTouch] = ()
    fields_people: int = 0


def all_rules(*, by: Actor) -> list[ObjectRules]:
    """Every open rule by object."""
    require(by, "platform.manage_rules")
    records = list(RecordRule.objects.filter(retired_at=None).select_related("team", "person").order_by("created_at", "pk"))
    fields = list(FieldRule.objects.filter(retired_at=None).select_related("team", "person").order_by("created_at", "pk"))
    return [
        ObjectRules(
            what.name,
            str(what.title),
            [_record(what, one) for one in records if one.object == what.name],
            [_field(what, one) for one in fields if one.object == what.name],
            bool(what.all_fields),
        )
        for what in all_protected()
    ]


def get_rule(*, by: Actor, rule_id: UUID) -> RecordRule | FieldRule:
    """One open rule."""
    require(by, "platform.manage_rules")
    for model in (RecordRule, FieldRule):
        rule = model._default_manager.filter(pk=rule_id, retired_at=None).first()
        if rule is not None:
            return rule
    raise NotFound


def shares_of(*, by: Actor, object: str, record_id: UUID) -> list[Share]:
    """The open shares of a record that the actor may see."""
    what = protected(object)
    require(by, what.verb)
    demand(by, what.name, [record_id], "read")
    rows = Share.objects.filter(object=object, record_id=record_id, ended_at=None).select_related("person", "team")
    return list(rows.exclude(expires_at__lte=now()).order_by("created_at", "pk"))


def seen_by_each(*, by: Actor, object: str, level: str = "read") -> dict[UUID, tuple[str, int]]:
    """How many records each active person reaches now, as far as rules go."""
    require(by, "platform.manage_rules")
    what = protected(object)
    found: dict[UUID, tuple[str, int]] = {}
    counts: dict[str, int] = {}
    for user in User.objects.filter(is_active=True).order_by("name", "email")[:MOST_PEOPLE]:
        actor = actor_for(user)
        if not actor.may(what.verb):
            continue
        sql, values = as_sql(condition_of(standing_of(actor), what, level, by=actor), "t")
        key = repr((sql, sorted(values.items(), key=lambda one: one[0])))
        if key not in counts:
            counts[key] = fetch(f"SELECT count(*) FROM {what.table} t WHERE {sql}", values)[0][0]
        found[user.pk] = (str(user), counts[key])
    return found


def touches(before: dict[UUID, tuple[str, int]], after: dict[UUID, tuple[str, int]], total: int) -> Preview:
    """The difference between two countings."""
    lines = [
        Touch(name, before[one][1], count) for one, (name, count) in after.items() if one in before and before[one][1] != count
    ]
    return Preview(len(lines), lines[:20], total, blind=sum(not one.after for one in lines))


def total_of(name: str) -> int:
    return int(fetch(f"SELECT count(*) FROM {protected(name).table}")[0][0])


class _Rehearsed(Exception):
    """Takes a rehearsed change back."""


def access_of_each(*, by: Actor, object: str, field: str) -> dict[UUID, tuple[str, str]]:
    """What each active person may do with a field now."""
    require(by, "platform.manage_rules")
    what = protected(object)
    found: dict[UUID, tuple[str, str]] = {}
    for user in User.objects.filter(is_active=True).order_by("name", "email")[:MOST_PEOPLE]:
        actor = actor_for(user)
        if actor.may(what.verb):
            found[user.pk] = (str(user), field_access(actor, object).get(field, "edit"))
    return found


def rehearse(*, by: Actor, object: str, level: str, change: Any, field: str = "") -> Preview:
    """What a change would touch: it is made, counted and taken back; with `field` also the access to that field."""
    before = seen_by_each(by=by, object=object, level=level)
    access = access_of_each(by=by, object=object, field=field) if field else {}
    after, then = before, access
    try:
        with transaction.atomic():
            change()
            after = seen_by_each(by=by, object=object, level=level)
            then = access_of_each(by=by, object=object, field=field) if field else {}
            raise _Rehearsed
    except _Rehearsed:
        pass
    words = dict(FieldRule.Access.choices)
    fields = [
        FieldTouch(name, str(words[access[one][1]]), str(words[given]))
        for one, (name, given) in then.items()
        if one in access and access[one][1] != given
    ]
    preview = touches(before, after, total_of(object))
    return replace(preview, fields=fields[:20], fields_people=len(fields))


def _record(what: Protected, rule: RecordRule) -> RuleSaid:
    who = addressee(rule)
    says = say_record_rule(what, rule.effect, rule.level, rule.scope, rule.filter, who)
    return RuleSaid(rule.pk, "record", says, who, rule.created_by, rule.created_at)


def _field(what: Protected, rule: FieldRule) -> RuleSaid:
    who = addressee(rule)
    return RuleSaid(rule.pk, "field", say_field_rule(what, rule.field, rule.access, who), who, rule.created_by, rule.created_at)


def addressee(rule: RecordRule | FieldRule) -> str:
    """Whom a rule is about, in words."""
    if rule.person is not None:
        return str(rule.person)
    if rule.team is not None:
        return _("Team %(name)s") % {"name": rule.team}
    return str(rule.get_role_display()) if rule.role else _("Everybody")
