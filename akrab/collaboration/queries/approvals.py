"""Approvals, read: which rule applies, who sits where, what waits for somebody, and what decisions come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from akrab.collaboration.models.approvals import ApprovalRequest, ApprovalRule, Decision, Handover, StandIn
from akrab.collaboration.queries.people import person_of
from akrab.platform.actor import Actor
from akrab.platform.models import User
from akrab.platform.operation import require

OPERATORS = ("=", "!=", ">", ">=", "<", "<=", "in")


@dataclass(frozen=True, slots=True)
class Tally:
    """What the decisions of one step come to."""

    is_passed: bool
    is_failed: bool


def tally(needs: int, seats: int, approvals: int, rejections: int) -> Tally:
    """Passed when enough seats approved; failed when the rest cannot be enough any more."""
    return Tally(approvals >= needs, seats - rejections < needs)


def rule_for(*, by: Actor, subject_kind: str, values: Mapping[str, Any]) -> ApprovalRule | None:
    """The first active rule whose conditions all hold for these values."""
    require(by, "collaboration.view_work")
    rules = ApprovalRule.objects.filter(subject_kind=subject_kind, is_active=True).order_by("order", "pk")
    return next((rule for rule in rules if all(_holds(one, values) for one in rule.conditions)), None)


def seat_steps(*, by: Actor, steps: Sequence[Mapping[str, Any]], without: UUID) -> list[dict[str, Any]]:
    """Each step with the people who sit there (never who asks) and how many of them must approve."""
    require(by, "collaboration.view_work")
    seated = []
    for one in steps:
        roles, people = list(one.get("roles", ())), [UUID(str(person)) for person in one.get("people", ())]
        found = User.objects.filter(is_active=True).exclude(pk=without).order_by("name", "pk")
        seats = [str(user.pk) for user in found if user.pk in people or user.role in roles]
        needs = {"all": len(seats), "any": 1}.get(str(one.get("needs", "any"))) or int(one.get("needs", 1) or 1)
        seated.append({"seats": seats, "needs": needs})
    return seated


def acting_for(*, by: Actor, seats: Iterable[str], at: datetime) -> list[UUID]:
    """The seats that the actor may speak for: their own, then those of absent people who named them."""
    require(by, "collaboration.view_work")
    me, wanted = person_of(by), [UUID(one) for one in seats]
    absent = StandIn.objects.filter(user_id__in=wanted, delegate_id=me, since__lte=at, until__gt=at).order_by("since", "pk")
    return [one for one in wanted if one == me] + list(absent.values_list("user_id", flat=True))


def waiting_for_me(*, by: Actor, at: datetime) -> list[ApprovalRequest]:
    """Requests whose step now has a seat that the actor may speak for and that has not spoken."""
    require(by, "collaboration.view_work")
    me = person_of(by)
    absent = StandIn.objects.filter(delegate_id=me, since__lte=at, until__gt=at).values_list("user_id", flat=True)
    mine = {str(me), *(str(one) for one in absent)}
    rows = ApprovalRequest.objects.filter(status="pending").exclude(asked_by_id=me).select_related("asked_by")
    open_ones = [one for one in rows.order_by("asked_at", "pk")[:500] if mine & set(one.steps[one.step]["seats"])]
    spoken = set(
        Decision.objects.filter(request__in=open_ones).values_list("request_id", "round", "step", "person_id")
        if open_ones
        else ()
    )
    return [
        one
        for one in open_ones
        if any((one.pk, one.round, one.step, UUID(seat)) not in spoken for seat in mine & set(one.steps[one.step]["seats"]))
    ]


def asked_by_me(*, by: Actor) -> list[ApprovalRequest]:
    require(by, "collaboration.view_work")
    return list(ApprovalRequest.objects.filter(asked_by_id=person_of(by)).order_by("-asked_at", "-pk")[:50])


def handovers_to_me(*, by: Actor) -> list[Handover]:
    """What was handed over to the actor and waits, those due first on top."""
    require(by, "collaboration.view_work")
    rows = Handover.objects.filter(to_id=person_of(by), status="offered").select_related("customer", "offered_by")
    return list(rows.order_by("due_at", "pk")[:100])


def approval_status(*, by: Actor, subject_kind: str, subject_id: UUID, digest: str) -> str:
    """Where a thing in this state stands: not asked, pending, approved, rejected, expired, withdrawn, or changed since."""
    require(by, "collaboration.view_work")
    found = ApprovalRequest.objects.filter(subject_kind=subject_kind, subject_id=subject_id).first()
    if found is None:
        return "not_asked"
    return found.status if found.digest == digest else "changed"


def _holds(condition: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """A condition on a value that is not there does not hold."""
    given, operator, wanted = values.get(condition["field"]), condition["op"], condition["value"]
    if given is None:
        return False
    if operator == "in":
        return str(given) in [str(one) for one in wanted]
    if operator in {"=", "!="}:
        return (str(given) == str(wanted)) is (operator == "=")
    try:
        one, other = Decimal(str(given)), Decimal(str(wanted))
    except InvalidOperation:
        return False
    return {">": one > other, ">=": one >= other, "<": one < other, "<=": one <= other}[operator]
