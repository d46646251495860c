"""Approvals as a mechanism: asked, decided by seats in steps, reopened by a change, expired by working time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.collaboration.facts import ApprovalChanged, ApprovalRuleChanged, StandInNamed
from akrab.collaboration.models.approvals import ApprovalRequest, ApprovalRule, Decision, StandIn
from akrab.collaboration.queries.approvals import OPERATORS, acting_for, rule_for, seat_steps, tally
from akrab.collaboration.queries.calendars import working_hours
from akrab.collaboration.queries.people import NOBODY, person_of
from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, NotFound, Refusal
from akrab.platform.working_time import add_business_time

Status = ApprovalRequest.Status


class NobodyCanApprove(Refusal):
    code = "nobody_can_approve"
    message = _("Nobody can approve this: too few people besides you have a seat.")


class NotYours(Refusal):
    code = "not_yours_to_decide"
    status = 403
    message = _("This is not yours to decide: you asked for it, have no seat, or have decided already.")


class NotPending(Refusal):
    code = "not_pending"
    message = _("This request is not waiting for a decision.")


@operation(may="collaboration.manage_approvals")
def set_rule(
    *,
    by: Actor,
    name: str,
    subject_kind: str,
    steps: Sequence[Mapping[str, Any]],
    at: datetime,
    conditions: Sequence[Mapping[str, Any]] = (),
    remind_minutes: int = 480,
    expire_minutes: int = 2400,
    order: int = 100,
) -> ApprovalRuleChanged:
    """Add a rule: conditions on values, steps with people or roles and how many of them must approve."""
    if not steps or any(not (one.get("people") or one.get("roles")) for one in steps):
        raise Invalid({"steps": str(_("Each step needs people or roles."))})
    if any(one.get("op") not in OPERATORS or "field" not in one or "value" not in one for one in conditions):
        raise Invalid({"conditions": str(_("A condition has a field, an operator and a value."))})
    if not 0 < remind_minutes < expire_minutes:
        raise Invalid({"expire_minutes": str(_("It expires after the reminder."))})
    made = ApprovalRule.objects.create(
        name=name,
        subject_kind=subject_kind,
        conditions=list(conditions),
        steps=list(steps),
        remind_minutes=remind_minutes,
        expire_minutes=expire_minutes,
        order=order,
    )
    fact = ApprovalRuleChanged(approval_rule_id=made.pk, changed_at=at, name=name)
    record([fact], by=by)
    return fact


@operation(may="collaboration.edit_work")
def ask_approval(
    *,
    by: Actor,
    subject_kind: str,
    subject_id: UUID,
    title: str,
    link: str,
    digest: str,
    values: Mapping[str, Any],
    at: datetime,
) -> ApprovalChanged | None:
    """Ask whether a thing in this state is approved; None when no rule wants that. The same state is asked once."""
    rule = rule_for(by=by, subject_kind=subject_kind, values=values)
    if rule is None:
        return None
    me = person_of(by)
    seated = seat_steps(by=by, steps=rule.steps, without=me)
    if me == NOBODY or any(len(one["seats"]) < one["needs"] or not one["seats"] for one in seated):
        raise NobodyCanApprove
    hours = working_hours(by=by)
    found = ApprovalRequest.objects.select_for_update().filter(subject_kind=subject_kind, subject_id=subject_id).first()
    if found and found.digest == digest and found.status in {Status.PENDING, Status.APPROVED}:
        return _fact(found, at)
    request = found or ApprovalRequest(subject_kind=subject_kind, subject_id=subject_id, round=0)
    request.title, request.link, request.digest, request.values = title[:300], link, digest, dict(values)
    request.steps, request.step, request.round, request.status = seated, 0, request.round + 1, Status.PENDING
    request.asked_by_id, request.asked_at, request.decided_at = me, at, None
    request.remind_at = add_business_time(at, timedelta(minutes=rule.remind_minutes), hours)
    request.expires_at = add_business_time(at, timedelta(minutes=rule.expire_minutes), hours)
    request.save()
    return _told(request, by=by, at=at)


@operation(may="collaboration.decide")
def decide(*, by: Actor, request_id: UUID, is_approved: bool, at: datetime, note: str = "") -> ApprovalChanged:
    """Speak for the actor's seat, or for that of somebody absent who named them; never for one's own request."""
    request = _lock(request_id)
    if request.status != Status.PENDING:
        raise NotPending
    current, me = request.steps[request.step], person_of(by)
    spoken = set(
        Decision.objects.filter(request=request, round=request.round, step=request.step).values_list("person_id", flat=True)
    )
    seat = next((one for one in acting_for(by=by, seats=current["seats"], at=at) if one not in spoken), None)
    if me == request.asked_by_id or seat is None:
        raise NotYours
    Decision.objects.create(
        request=request,
        round=request.round,
        step=request.step,
        person_id=seat,
        by_id=me,
        is_approved=is_approved,
        note=note,
        at=at,
    )
    votes = list(
        Decision.objects.filter(request=request, round=request.round, step=request.step).values_list("is_approved", flat=True)
    )
    found = tally(current["needs"], len(current["seats"]), votes.count(True), votes.count(False))
    if found.is_failed:
        request.status, request.decided_at = Status.REJECTED, at
    elif found.is_passed and request.step + 1 < len(request.steps):
        request.step += 1
    elif found.is_passed:
        request.status, request.decided_at = Status.APPROVED, at
    request.save()
    return _told(request, by=by, at=at, note=note)


@operation(may="collaboration.edit_work")
def note_changed(*, by: Actor, subject_kind: str, subject_id: UUID, digest: str, at: datetime) -> ApprovalChanged | None:
    """The thing is another one now: what was approved or asked counts no more, and the question opens again."""
    request = ApprovalRequest.objects.select_for_update().filter(subject_kind=subject_kind, subject_id=subject_id).first()
    if request is None or request.digest == digest or request.status not in {Status.PENDING, Status.APPROVED}:
        return None
    request.digest, request.status, request.decided_at = digest, Status.PENDING, None
    request.step, request.round = 0, request.round + 1
    request.save()
    return _told(request, by=by, at=at)


@operation(may="collaboration.edit_work")
def withdraw(*, by: Actor, request_id: UUID, at: datetime) -> ApprovalChanged:
    """Who asked does not ask any more."""
    request = _lock(request_id)
    if request.asked_by_id != person_of(by):
        raise NotYours
    if request.status != Status.PENDING:
        raise NotPending
    request.status, request.decided_at = Status.WITHDRAWN, at
    request.save()
    return _told(request, by=by, at=at)


@operation(may="collaboration.notify")
def expire_requests(*, by: Actor, at: datetime) -> list[ApprovalChanged]:
    """Requests that waited too long in working time expire."""
    late = list(
        ApprovalRequest.objects.select_for_update().filter(status=Status.PENDING, expires_at__lte=at).order_by("pk")[:500]
    )
    for request in late:
        request.status, request.decided_at = Status.EXPIRED, at
        request.save()
    return [_told(request, by=by, at=at) for request in late]


@operation(may="collaboration.notify")
def remind_deciders(*, by: Actor, at: datetime) -> list[ApprovalChanged]:
    """Once, when a request has waited long enough in working time, those who must decide hear of it again."""
    waiting = ApprovalRequest.objects.select_for_update().filter(status=Status.PENDING, remind_at__lte=at, expires_at__gt=at)
    due = [one for one in waiting.order_by("pk")[:500] if one.remind_at < one.expires_at]
    for request in due:
        request.remind_at = request.expires_at
        request.save(update_fields=["remind_at"])
    return [_told(request, by=by, at=at) for request in due]


@operation(may="collaboration.decide")
def name_stand_in(*, by: Actor, delegate_id: UUID, since: datetime, until: datetime, at: datetime) -> StandInNamed:
    """While the actor is out of office, somebody else speaks for their seat."""
    if until <= since or delegate_id == person_of(by):
        raise Invalid({"delegate": str(_("Name somebody else, and an end after the beginning."))})
    StandIn.objects.create(user_id=person_of(by), delegate_id=delegate_id, since=since, until=until)
    fact = StandInNamed(user_id=person_of(by), named_at=at, delegate_id=delegate_id, since=since, until=until)
    record([fact], by=by)
    return fact


def _lock(request_id: UUID) -> ApprovalRequest:
    request = ApprovalRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        raise NotFound
    return request


def _told(request: ApprovalRequest, *, by: Actor, at: datetime, note: str = "") -> ApprovalChanged:
    fact = _fact(request, at, note)
    record([fact], by=by)
    return fact


def _fact(request: ApprovalRequest, at: datetime, note: str = "") -> ApprovalChanged:
    return ApprovalChanged(
        approval_request_id=request.pk,
        changed_at=at,
        subject_kind=request.subject_kind,
        subject_id=request.subject_id,
        title=request.title,
        status=str(request.status),
        step=request.step,
        round=request.round,
        link=request.link,
        asked_by=request.asked_by_id,
        waiting_for=request.steps[request.step]["seats"] if request.status == Status.PENDING else [],
        note=note[:500],
    )
