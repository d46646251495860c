"""What is about customers is seen by those who may see one of these customers."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from akrab.platform.actor import Actor
from akrab.platform.rights.conditions import as_q
from akrab.platform.rights.limits import is_limited, limit
from akrab.platform.rights.standing import person_of

CUSTOMERS = "customers.customer"
NOBODY = UUID(int=0)
R = TypeVar("R", bound=QuerySet[Any, Any])


def about_seen(rows: R, by: Actor, *, links: str, mine: Q) -> R:
    """Rows that are linked to a customer within reach, or to nobody, or that are the actor's own; all if nothing limits them."""
    if not is_limited(by, CUSTOMERS):
        return rows
    link: Any = rows.model._meta.get_field(links)
    linked = link.related_model._default_manager.filter(**{link.field.name: OuterRef("pk")})
    seen = linked.filter(as_q(limit(by, CUSTOMERS), through="customer__"))
    return rows.filter(mine | ~Exists(linked) | Exists(seen))


def me_of(by: Actor) -> UUID:
    """The person behind the actor; never nothing, which would find what belongs to nobody."""
    return person_of(by) or NOBODY


def on_seen(rows: R, by: Actor) -> R:
    """Rows on a customer within reach, or on none."""
    if not is_limited(by, CUSTOMERS):
        return rows
    customer: Any = rows.model._meta.get_field("customer")
    seen = customer.related_model._base_manager.filter(as_q(limit(by, CUSTOMERS)), pk=OuterRef("customer_id"))
    return rows.filter(Q(customer=None) | Exists(seen))


def seen_customers(rows: QuerySet[Any, Any], by: Actor) -> str | Prefetch[Any, Any, Any]:
    """What to prefetch so that rows show the customers within reach alone."""
    if not is_limited(by, CUSTOMERS):
        return "customers"
    customers: Any = rows.model._meta.get_field("customers")
    return Prefetch("customers", customers.related_model._base_manager.filter(as_q(limit(by, CUSTOMERS))))
