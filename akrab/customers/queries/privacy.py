"""Privacy requests with their clocks, restrictions, erasures with their receipts, and what retention rules propose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.queries.profiles import get_customer
from akrab.customers.tables.privacy import Erasure, PrivacyRequest, Restriction, RetentionProposal, RetentionRule
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.models import User
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound
from akrab.platform.rights.limits import is_limited, narrowed, where

MAY = "customers.manage_privacy"
SIZE = 100


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One line of the list of requests; an erased customer has no name any more."""

    request: PrivacyRequest
    name: str
    is_late: bool

    @property
    def kind(self) -> str:
        return str(PrivacyRequest.Kind(self.request.kind).label)

    @property
    def decision(self) -> str:
        return str(PrivacyRequest.Decision(self.request.decision).label)


def privacy_requests(*, by: Actor, at: datetime, closed: bool = False, size: int = SIZE) -> list[RequestLine]:
    """Open requests, the most urgent first; or closed ones, the latest first."""
    require(by, MAY)
    found = requests_within_reach(by).select_related("assignee").filter(closed_at__isnull=not closed)
    return _lines(by, list(found.order_by("-closed_at", "-pk") if closed else found.order_by("due_at", "pk"))[:size], at)


def requests_of(*, by: Actor, customer_id: UUID, at: datetime) -> list[RequestLine]:
    """The requests of one customer, newest first."""
    require(by, MAY)
    found = requests_within_reach(by).select_related("assignee").filter(customer_id=customer_id)
    return _lines(by, list(found.order_by("-received_at", "-pk")[:SIZE]), at)


def get_request(*, by: Actor, request_id: UUID, at: datetime) -> RequestLine:
    """One request with its customer's name."""
    require(by, MAY)
    found = requests_within_reach(by).select_related("assignee").filter(pk=request_id).first()
    if found is None:
        raise NotFound
    return _lines(by, [found], at)[0]


def requests_within_reach(by: Actor) -> QuerySet[PrivacyRequest]:
    """Requests of customers whom the actor may see, also from the trash, and of those who were erased."""
    rows = PrivacyRequest.objects.all()
    if not is_limited(by, CUSTOMER.name):
        return rows
    everybody = Customer.objects.unscoped()
    hidden = everybody.exclude(pk__in=narrowed(everybody, by, CUSTOMER.name, with_trash=True).values("pk"))
    return rows.exclude(customer_id__in=hidden.values("pk"))


def _lines(by: Actor, found: list[PrivacyRequest], at: datetime) -> list[RequestLine]:
    mine, values = where(by, CUSTOMER.name, "c", with_trash=True)
    rows = fetch(
        f"SELECT c.id, c.display_name FROM customers_customer c WHERE c.id = ANY(%(ids)s) AND {mine}",
        {"ids": [one.customer_id for one in found], **values},
    )
    names = {row[0]: row[1] for row in rows}
    return [RequestLine(one, names.get(one.customer_id, ""), one.is_late(at)) for one in found]


def late_requests(*, by: Actor, at: datetime) -> int:
    """How many open requests are past their time."""
    require(by, MAY)
    return requests_within_reach(by).filter(closed_at=None, due_at__lt=at).count()


def restriction_of(*, by: Actor, customer_id: UUID) -> Restriction | None:
    """The restriction in force, if there is one."""
    get_customer(by=by, customer_id=customer_id)
    return Restriction.objects.filter(customer_id=customer_id, until=None).first()


def assignees(*, by: Actor) -> list[User]:
    """Who may work on requests."""
    require(by, MAY)
    return list(User.objects.filter(is_active=True, role__in=["administrator", "manager"]).order_by("name", "email"))


def erasures(*, by: Actor, size: int = SIZE) -> list[Erasure]:
    """Erasures, newest first, with the tombstones that were seen again."""
    require(by, MAY)
    return list(Erasure.objects.prefetch_related("tombstones").order_by("-at", "-pk")[:size])


def get_erasure(*, by: Actor, erasure_id: UUID) -> Erasure:
    """One erasure."""
    require(by, MAY)
    found = Erasure.objects.prefetch_related("tombstones").filter(pk=erasure_id).first()
    if found is None:
        raise NotFound
    return found


def retention_rules(*, by: Actor) -> list[RetentionRule]:
    """Every rule with its last dry count."""
    require(by, MAY)
    return list(RetentionRule.objects.order_by("reason"))


def open_proposals(*, by: Actor, size: int = SIZE) -> list[RetentionProposal]:
    """Customers whom rules propose for erasure, the oldest proposal first."""
    require(by, MAY)
    found = RetentionProposal.objects.filter(kept_at=None).select_related("rule", "customer")
    found = narrowed(found, by, CUSTOMER.name, through="customer__", with_trash=True)
    return list(found.order_by("proposed_at", "pk")[:size])
