"""Who customers are, in one line each, for rooms above that only know their ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from akrab.customers.models import Customer
from akrab.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """A customer's id, kind and name."""

    id: UUID
    kind: str
    name: str


def customer_cards(*, by: Actor, customer_ids: Iterable[UUID]) -> dict[UUID, CustomerCard]:
    """The cards of those customers whom the actor may see."""
    wanted = set(customer_ids)
    if not wanted:
        return {}
    rows = Customer.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", "kind", "display_name")
    return {pk: CustomerCard(pk, kind, name) for pk, kind, name in rows}
