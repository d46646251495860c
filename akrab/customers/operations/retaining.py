"""Retention: rules propose customers for erasure at night, people decide; nothing is erased silently."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import ErasureProposed, RetentionChanged
from akrab.customers.models import CUSTOMER
from akrab.customers.operations.erasing import erase_customer
from akrab.customers.tables.privacy import RetentionProposal, RetentionRule
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, NotFound
from akrab.platform.rights.limits import demand

A_NIGHT = 10_000

_DUE = {
    "no_purchase": "c.last_purchase_at < %(at)s::timestamptz - make_interval(months => %(months)s)",
    "never_bought": (
        "c.purchase_count = 0 AND c.last_purchase_at IS NULL AND c.stage = 'prospect' "
        "AND c.registered_at < %(at)s::timestamptz - make_interval(months => %(months)s)"
    ),
}
_NEW = (
    "c.trashed_at IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM customers_retentionproposal p WHERE p.rule_id = %(rule)s AND p.customer_id = c.id)"
)


@operation(may="customers.manage_privacy")
def change_rule(*, by: Actor, rule_id: UUID, months: int, is_active: bool, at: datetime) -> RetentionChanged:
    """Set a rule, and count whom it would propose now; proposals of a shorter time that no longer hold go away."""
    rule = RetentionRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound
    if not 1 <= months <= 600:
        raise Invalid({"months": str(_("Between 1 and 600 months."))})
    if months > rule.months or not is_active:
        RetentionProposal.objects.filter(rule=rule, kept_at=None).delete()
    rule.months, rule.is_active = months, is_active
    rule.would_propose, rule.counted_at = _count(rule, at), at
    rule.save(update_fields=["months", "is_active", "would_propose", "counted_at"])
    fact = RetentionChanged(changed_at=at, rule=rule.reason, months=months, is_active=is_active)
    record([fact], by=by)
    return fact


def _values(rule: RetentionRule, at: datetime) -> dict[str, object]:
    return {"at": at, "months": rule.months, "rule": rule.pk}


def _count(rule: RetentionRule, at: datetime) -> int:
    sql = f"SELECT count(*) FROM customers_customer c WHERE {_DUE[rule.reason]} AND {_NEW}"
    return int(fetch(sql, _values(rule, at))[0][0])


@operation(may="customers.manage_privacy")
def propose_erasures(*, by: Actor, at: datetime) -> list[ErasureProposed]:
    """Count what every rule would propose, and propose for the active ones; who was kept is not proposed again."""
    facts = []
    for rule in RetentionRule.objects.select_for_update().order_by("reason"):
        if rule.is_active:
            made = fetch(
                "INSERT INTO customers_retentionproposal (id, rule_id, customer_id, proposed_at) "
                "SELECT gen_random_uuid(), %(rule)s, c.id, %(at)s FROM customers_customer c "
                f"WHERE {_DUE[rule.reason]} AND {_NEW} LIMIT {A_NIGHT} ON CONFLICT DO NOTHING RETURNING 1",
                _values(rule, at),
            )
            if made:
                facts.append(ErasureProposed(proposed_at=at, rule=rule.reason, customers=len(made)))
        rule.would_propose, rule.counted_at = _count(rule, at), at
        rule.save(update_fields=["would_propose", "counted_at"])
    record(facts, by=by)
    return facts


@operation(may="customers.manage_privacy")
def keep_proposed(*, by: Actor, proposal_ids: Sequence[UUID], at: datetime) -> int:
    """Keep customers whom a rule proposed; the rule does not propose them again."""
    proposals = list(RetentionProposal.objects.select_related("rule").filter(pk__in=proposal_ids, kept_at=None))
    demand(by, CUSTOMER.name, [one.customer_id for one in proposals], with_trash=True)
    RetentionProposal.objects.filter(pk__in=[one.pk for one in proposals]).update(kept_at=at)
    rules = {one.rule.reason: one.rule for one in proposals}
    record(
        [
            RetentionChanged(
                changed_at=at,
                rule=reason,
                months=rule.months,
                is_active=rule.is_active,
                kept=sum(one.rule.reason == reason for one in proposals),
            )
            for reason, rule in sorted(rules.items())
        ],
        by=by,
    )
    return len(proposals)


@operation(may="customers.erase_customers")
def erase_proposed(*, by: Actor, proposal_ids: Sequence[UUID], at: datetime) -> int:
    """Erase customers whom a rule proposed and a person confirmed."""
    wanted = list(RetentionProposal.objects.filter(pk__in=proposal_ids, kept_at=None).values_list("customer_id", flat=True))
    for customer_id in sorted(set(wanted)):
        erase_customer(by=by, customer_id=customer_id, at=at, reason="retention")
    return len(set(wanted))
