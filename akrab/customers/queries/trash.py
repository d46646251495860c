"""The customers who lie in the trash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from akrab.customers.models import CUSTOMER, Customer, CustomerQuerySet
from akrab.customers.queries.showing import cover
from akrab.platform.actor import Actor
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound
from akrab.platform.rights.limits import narrowed

VIEW = "customers.delete_customers"


def customers_in_trash(*, by: Actor, after: Sequence[Any] = (), limit: int = 50) -> tuple[list[Customer], list[Any] | None]:
    """Latest first, after a place, and the place of the next ones."""
    require(by, VIEW)
    rows = _trashed(by).order_by("-trashed_at", "-pk")
    if after:
        rows = rows.filter(trashed_at__lte=after[0]).exclude(trashed_at=after[0], pk__gte=UUID(after[1]))
    found = list(rows.defer("search")[: limit + 1])
    cover(by, found)
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], [last.trashed_at.isoformat(), str(last.pk)] if last and last.trashed_at else None


def get_trashed(*, by: Actor, customer_id: UUID) -> Customer:
    """One customer in the trash."""
    require(by, VIEW)
    found = _trashed(by).defer("search").filter(pk=customer_id).first()
    if not isinstance(found, Customer):
        raise NotFound
    cover(by, [found])
    return found


def _trashed(by: Actor) -> CustomerQuerySet:
    rows: CustomerQuerySet = Customer.objects.unscoped().filter(trashed_at__isnull=False, merged_into=None)
    return narrowed(rows, by, CUSTOMER.name, with_trash=True)
