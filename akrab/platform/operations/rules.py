"""Writing the policy: rules about records and fields, one at a time; a rule is retired, never deleted."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import FieldRule, RecordRule
from akrab.platform.operation import operation
from akrab.platform.policy import ROLES
from akrab.platform.queries.organization import names_of_people, names_of_teams
from akrab.platform.refusal import Invalid, NotFound, StaleVersion
from akrab.platform.rights.facts import RuleChanged
from akrab.platform.rights.registry import protected

COMPARISONS = ("is", "is_not", "has", "at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a rule is about: a role, a team, a person; nothing named means everybody."""

    role: str = ""
    team_id: UUID | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordWords:
    """What a rule about records says."""

    object: str
    scope: str
    effect: str = "allow"
    level: str = "read"
    filter: Sequence[tuple[str, str, Any]] = ()
    who: Addressee = dataclasses.field(default_factory=Addressee)


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What a rule about a field says."""

    object: str
    field: str
    access: str
    who: Addressee = dataclasses.field(default_factory=Addressee)


@operation(may="platform.manage_rules", journal=_("Wrote a rule about records"))
def write_record_rule(
    *, by: Actor, words: RecordWords, at: datetime, rule_id: UUID | None = None, version: int | None = None
) -> RuleChanged:
    """Write a rule about records, or change one."""
    _check_record(words)
    rule = _locked(RecordRule, rule_id, version) if rule_id else RecordRule(created_at=at, created_by=by.label[:200])
    before = _said(rule) if rule_id else {}
    rule.object, rule.effect, rule.level, rule.scope = words.object, words.effect, words.level, words.scope
    rule.filter = [list(one) for one in words.filter] if words.scope == "filter" else []
    return _kept(rule, words.who, before, "changed" if rule_id else "written", by=by, at=at)


@operation(may="platform.manage_rules", journal=_("Wrote a rule about a field"))
def write_field_rule(
    *, by: Actor, words: FieldWords, at: datetime, rule_id: UUID | None = None, version: int | None = None
) -> RuleChanged:
    """Write a rule about a field, or change one."""
    what = protected(words.object)
    if all(one.name != words.field for one in what.all_fields):
        raise Invalid({"field": str(_("There is no such field."))})
    if words.access not in FieldRule.Access.values:
        raise Invalid({"access": str(_("There is no such access."))})
    rule = _locked(FieldRule, rule_id, version) if rule_id else FieldRule(created_at=at, created_by=by.label[:200])
    before = _said(rule) if rule_id else {}
    rule.object, rule.field, rule.access = words.object, words.field, words.access
    return _kept(rule, words.who, before, "changed" if rule_id else "written", by=by, at=at)


@operation(may="platform.manage_rules", journal=_("Retired a rule"))
def retire_rule(*, by: Actor, rule_id: UUID, at: datetime) -> RuleChanged:
    """Stop a rule from speaking; what it said stays on record."""
    rule: RecordRule | FieldRule | None = None
    for model in (RecordRule, FieldRule):
        rule = rule or model._default_manager.select_for_update().filter(pk=rule_id, retired_at=None).first()
    if rule is None:
        raise NotFound
    rule.retired_at = at
    rule.version += 1
    rule.save(update_fields=["retired_at", "version"])
    fact = RuleChanged(rule_id=rule.pk, at=at, object=rule.object, change="retired", said={}, before=_said(rule))
    record([fact], by=by)
    return fact


def _check_record(words: RecordWords) -> None:
    what = protected(words.object)
    errors = {}
    if words.scope not in what.scopes:
        errors["scope"] = str(_("This object has no such scope."))
    if words.effect not in RecordRule.Effect.values:
        errors["effect"] = str(_("Use allow or deny."))
    if words.level not in RecordRule.Level.values:
        errors["level"] = str(_("There is no such level."))
    if words.effect == "deny" and words.scope == "shared":
        errors["scope"] = str(_("What is shared cannot be denied by a rule; end the share."))
    if words.scope == "filter" and not words.filter:
        errors["filter"] = str(_("Say at least one condition."))
    for name, comparison, value in words.filter if words.scope == "filter" else ():
        if name not in what.filters or comparison not in COMPARISONS:
            errors["filter"] = str(_("Unknown: %(names)s.") % {"names": f"{name} {comparison}"})
        elif comparison in {"at_least", "at_most"} and not isinstance(value, int):
            errors["filter"] = str(_("Use whole numbers for “at least” and “at most”."))
    if errors:
        raise Invalid(errors)


def _locked(model: type[Any], rule_id: UUID, version: int | None) -> Any:
    rule = model._default_manager.select_for_update().filter(pk=rule_id, retired_at=None).first()
    if rule is None:
        raise NotFound
    if version is not None and version != rule.version:
        raise StaleVersion
    rule.version += 1
    return rule


def _kept(
    rule: RecordRule | FieldRule, who: Addressee, before: Mapping[str, Any], change: str, *, by: Actor, at: datetime
) -> RuleChanged:
    if who.role and who.role not in ROLES:
        raise Invalid({"role": str(_("There is no such role."))})
    if sum(bool(one) for one in (who.role, who.team_id, who.person_id)) > 1:
        raise Invalid({"who": str(_("Choose a role, a team or a person."))})
    names_of_people([who.person_id] if who.person_id else [])
    names_of_teams([who.team_id] if who.team_id else [], active=True)
    rule.role, rule.team_id, rule.person_id = who.role, who.team_id, who.person_id
    rule.save()
    fact = RuleChanged(rule_id=rule.pk, at=at, object=rule.object, change=change, said=_said(rule), before=dict(before))
    record([fact], by=by)
    return fact


def _said(rule: RecordRule | FieldRule) -> dict[str, Any]:
    names = ("effect", "level", "scope", "filter") if isinstance(rule, RecordRule) else ("field", "access")
    who = {
        "role": rule.role,
        "team": str(rule.team_id or ""),
        "person": str(rule.person_id or ""),
    }
    return {name: getattr(rule, name) for name in names} | {name: value for name, value in who.items() if value}
