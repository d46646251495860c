"""Changing how duplicates are found: the bits of a field, and from how many a pair is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from akrab.customers.facts import DuplicateRulesChanged
from akrab.customers.queries.likely import SETTING
from akrab.customers.tables.duplicates import DuplicateRule
from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import Setting
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, NotFound

CHANGEABLE = ("how", "same", "close", "different", "on_entry", "is_active")


@operation(may="customers.manage_duplicates")
def change_duplicate_rule(*, by: Actor, rule_id: UUID, values: Mapping[str, Any], at: datetime) -> DuplicateRulesChanged:
    """Give a rule other values."""
    rule = DuplicateRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound
    for name in CHANGEABLE:
        setattr(rule, name, values.get(name, getattr(rule, name)))
    if not 40 >= rule.same >= rule.close >= rule.different >= -40:
        raise Invalid({"same": str(_("Same must count at least as much as similar, and similar as different; at most 40."))})
    rule.save()
    fact = DuplicateRulesChanged(changed_at=at, rule=f"{rule.kind} {rule.field}")
    record([fact], by=by)
    return fact


@operation(may="customers.manage_duplicates")
def set_limits(*, by: Actor, review_from: float, sure_from: float, at: datetime) -> DuplicateRulesChanged:
    """From how many bits a pair is shown, and from how many it counts as sure."""
    if not 0 < review_from <= sure_from:
        raise Invalid({"sure_from": str(_("Sure must not begin before shown."))})
    Setting.objects.update_or_create(name=SETTING, defaults={"value": {"review_from": review_from, "sure_from": sure_from}})
    fact = DuplicateRulesChanged(changed_at=at, rule="limits")
    record([fact], by=by)
    return fact
