"""Privacy requests: opened with a clock of 3 x 24 hours, identity checked, decided, answered; and restriction of processing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import PrivacyRequestClosed, PrivacyRequested, PrivacyRequestHandled, ProcessingRestricted
from akrab.customers.operations.identifying import find_and_lock
from akrab.customers.queries.privacy import requests_within_reach
from akrab.customers.tables.privacy import PrivacyRequest, Restriction
from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import User
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, NotFound, Refusal

CLOCK = timedelta(hours=72)


class RequestIsClosed(Refusal):
    code = "request_is_closed"
    message = _("This request is closed already.")


class IdentityUnchecked(Refusal):
    code = "identity_unchecked"
    message = _("Confirm first that the person is who they say: data must not reach somebody else.")


class RefusedWithoutReason(Refusal):
    code = "refused_without_reason"
    status = 422
    message = _("Say why the request is refused; the person has a right to know.")


class AlreadyRestricted(Refusal):
    code = "already_restricted"
    message = _("Processing is restricted already.")


@operation(may="customers.manage_privacy")
def open_request(
    *, by: Actor, customer_id: UUID, kind: str, received_at: datetime, at: datetime, came_by: str = "", details: str = ""
) -> PrivacyRequested:
    """Note what a customer asked for; the clock runs from the moment it was received."""
    find_and_lock(customer_id, by=by)
    if kind not in PrivacyRequest.Kind.values:
        raise Invalid({"kind": str(_("One of: %(names)s.") % {"names": ", ".join(PrivacyRequest.Kind.values)})})
    if received_at > at + timedelta(hours=1):
        raise Invalid({"received_at": str(_("This has not happened yet."))})
    made = PrivacyRequest.objects.create(
        customer_id=customer_id,
        kind=kind,
        came_by=came_by.strip()[:60],
        details=details.strip(),
        received_at=received_at,
        due_at=received_at + CLOCK,
    )
    fact = PrivacyRequested(customer_id=customer_id, received_at=received_at, request_id=made.pk, kind=kind, due_at=made.due_at)
    record([fact], by=by)
    return fact


@operation(may="customers.manage_privacy")
def handle_request(
    *, by: Actor, request_id: UUID, identity: str, identity_how: str, assignee_id: UUID | None, at: datetime
) -> PrivacyRequestHandled:
    """Note who works on a request and whether the person is who they say."""
    found = _open(request_id, by=by)
    if identity not in PrivacyRequest.Identity.values:
        raise Invalid({"identity": str(_("One of: %(names)s.") % {"names": ", ".join(PrivacyRequest.Identity.values)})})
    if identity == "confirmed" and not identity_how.strip():
        raise Invalid({"identity_how": str(_("Say how the identity was checked."))})
    assignee = User.objects.filter(pk=assignee_id, is_active=True).first() if assignee_id else None
    if assignee_id and assignee is None:
        raise Invalid({"assignee": str(_("There is no such person here."))})
    found.identity, found.identity_how, found.assignee = identity, identity_how.strip()[:300], assignee
    found.version += 1
    found.save(update_fields=["identity", "identity_how", "assignee", "version"])
    fact = PrivacyRequestHandled(
        customer_id=found.customer_id, at=at, request_id=found.pk, identity=identity, assignee=str(assignee or "")
    )
    record([fact], by=by)
    return fact


@operation(may="customers.manage_privacy")
def close_request(*, by: Actor, request_id: UUID, decision: str, reason: str, answer: str, at: datetime) -> PrivacyRequestClosed:
    """Decide and answer a request; granting needs a confirmed identity, refusing needs a reason."""
    found = _open(request_id, by=by)
    if decision not in {"granted", "partly", "refused"}:
        raise Invalid({"decision": str(_("One of: %(names)s.") % {"names": "granted, partly, refused"})})
    if decision != "refused" and found.identity != PrivacyRequest.Identity.CONFIRMED:
        raise IdentityUnchecked
    if decision != "granted" and not reason.strip():
        raise RefusedWithoutReason
    found.decision, found.reason, found.answer, found.closed_at = decision, reason.strip(), answer.strip(), at
    found.version += 1
    found.save(update_fields=["decision", "reason", "answer", "closed_at", "version"])
    fact = PrivacyRequestClosed(
        customer_id=found.customer_id,
        closed_at=at,
        request_id=found.pk,
        kind=found.kind,
        decision=decision,
        late=found.is_late(at),
    )
    record([fact], by=by)
    return fact


def _open(request_id: UUID, *, by: Actor) -> PrivacyRequest:
    found = requests_within_reach(by).select_for_update().filter(pk=request_id).first()
    if found is None:
        raise NotFound
    if found.closed_at:
        raise RequestIsClosed
    return found


@operation(may="customers.manage_privacy")
def restrict_processing(*, by: Actor, customer_id: UUID, reason: str, at: datetime) -> ProcessingRestricted:
    """Keep a customer's data but do not use them: nobody may contact the customer until it is lifted."""
    find_and_lock(customer_id, by=by)
    if Restriction.objects.filter(customer_id=customer_id, until=None).exists():
        raise AlreadyRestricted
    Restriction.objects.create(customer_id=customer_id, since=at, reason=reason.strip()[:300])
    fact = ProcessingRestricted(customer_id=customer_id, at=at)
    record([fact], by=by)
    return fact


@operation(may="customers.manage_privacy")
def lift_restriction(*, by: Actor, customer_id: UUID, at: datetime) -> ProcessingRestricted:
    """Use a customer's data again."""
    find_and_lock(customer_id, by=by)
    if not Restriction.objects.filter(customer_id=customer_id, until=None).update(until=at):
        raise NotFound
    fact = ProcessingRestricted(customer_id=customer_id, at=at, lifted=True)
    record([fact], by=by)
    return fact
