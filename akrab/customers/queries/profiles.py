"""One customer as a person sees it: the record, what points to it, how it relates, what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise

from akrab.customers.models import CUSTOMER, Customer, CustomerQuerySet, Identifier, Relationship, Trait
from akrab.customers.queries.keys import identifier_key
from akrab.customers.queries.searching import find
from akrab.customers.queries.showing import closed_fields, closed_kinds, cover, seen_identifiers, seen_traits
from akrab.customers.tables.duplicates import DuplicateRule
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.fields import custom_fields
from akrab.platform.customizing.listing import with_computed
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound
from akrab.platform.rights.limits import is_limited, reachable, where


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship seen from one side; `is_outgoing` says whether it reads from this customer to the other."""

    id: UUID
    other_id: UUID
    other_name: str
    other_kind: str
    kind: str
    note: str
    since: date | None
    is_outgoing: bool

    @property
    def words(self) -> str | Promise:
        return Relationship.Kind(self.kind).label


def get_customer(*, by: Actor, customer_id: UUID) -> Customer:
    """The customer of an id."""
    require(by, "customers.view_customers")
    rows = with_computed(Customer.objects.visible_to(by).defer("search"), custom_fields(CUSTOMER.name))
    found = rows.filter(pk=customer_id).first()
    if found is None:
        raise NotFound
    assert isinstance(found, Customer)
    cover(by, [found])
    return found


def may_edit(*, by: Actor, customer_id: UUID) -> bool:
    """Whether the actor may change this customer, by role and by rules."""
    return by.may("customers.edit_customers") and bool(reachable(by, CUSTOMER.name, [customer_id], "edit"))


def identifiers_of(*, by: Actor, customer_id: UUID) -> list[Identifier]:
    """What points to a customer."""
    return seen_identifiers(by, get_customer(by=by, customer_id=customer_id).identifiers.order_by("kind", "key"))


def traits_of(*, by: Actor, customer_id: UUID) -> list[Trait]:
    """What analytics know of a customer."""
    return seen_traits(by, get_customer(by=by, customer_id=customer_id).traits.order_by("name"))


def relations_of(*, by: Actor, customer_id: UUID) -> list[Relation]:
    """Relationships of a customer, in both directions."""
    get_customer(by=by, customer_id=customer_id)
    mine, values = where(by, CUSTOMER.name, "o")
    rows = fetch(
        "SELECT r.id, o.id, o.display_name, o.kind, r.kind, r.note, r.since, r.customer_id = %(id)s "
        "FROM customers_relationship r "
        "JOIN customers_customer o ON o.id = CASE WHEN r.customer_id = %(id)s THEN r.other_id ELSE r.customer_id END "
        f"WHERE (r.customer_id = %(id)s OR r.other_id = %(id)s) AND {mine} ORDER BY o.name_key, r.kind, r.id",
        {"id": customer_id, **values},
    )
    return [Relation(*row) for row in rows]


def similar_names(*, by: Actor, name: str) -> list[UUID]:
    """A few customers whose name is written nearly so, while a rule asks for the hint."""
    if len(name.strip()) < 4 or not DuplicateRule.objects.filter(field__in=("name", "company"), on_entry="alert", is_active=True):
        return []
    rows = Customer.objects.visible_to(by)
    assert isinstance(rows, CustomerQuerySet)
    return find(rows, name, closed=closed_fields(by), is_limited=is_limited(by, CUSTOMER.name)).ids[:3]


def known_already(*, by: Actor, values: Sequence[tuple[str, str]], name: str = "") -> list[Customer]:
    """Customers who carry one of these (kind, value) identifiers, or exactly this name; a hint before adding another."""
    require(by, "customers.view_customers")
    closed = closed_kinds(by)
    keys = [(kind, key) for kind, value in values if kind not in closed and (key := identifier_key(kind, value))]
    rows = fetch(
        "SELECT i.customer_id FROM unnest(%s::text[], %s::text[]) AS w(kind, key) "
        "JOIN customers_identifier i ON i.kind = w.kind AND i.key = w.key UNION "
        "SELECT id FROM (SELECT id FROM customers_customer WHERE name_key = akrab_normal(%s) AND %s <> '' LIMIT 3) AS same",
        [[kind for kind, _key in keys], [key for _kind, key in keys], name.strip(), name.strip()],
    )
    alike = similar_names(by=by, name=name)
    hits = Customer.objects.visible_to(by).defer("search").filter(pk__in=[*(row[0] for row in rows), *alike])
    known = list(hits.order_by("name_key", "pk")[:5])
    cover(by, known)
    return known
