"""Customers as an actor may see them: hidden fields emptied, masked ones covered, identifiers of closed kinds left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from akrab.customers.models import CUSTOMER, Customer, Identifier, Trait
from akrab.platform.actor import Actor
from akrab.platform.customizing.showing import cover_custom
from akrab.platform.rights.fields import field_access, masked, unreadable

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "phone": ("phone",),
    "email": ("email",),
    "card": (),
    "address": ("address",),
    "city": ("city",),
    "country": ("country",),
    "born_on": ("born_on",),
    "spend": ("spend", "spend_currency"),
    "purchases": ("purchase_count", "first_purchase_at", "last_purchase_at", "previous_purchase_at"),
    "traits": (),
}
EMPTY: Mapping[str, Any] = {"spend": 0, "purchase_count": 0}
MONEY_TRAITS = frozenset({"rfm_money", "rfm_score"})


def closed_fields(by: Actor) -> frozenset[str]:
    """The fields of customers that the actor cannot read."""
    return unreadable(by, CUSTOMER.name)


def cover(by: Actor, customers: Iterable[Customer]) -> None:
    """Empty and mask what the actor cannot read, in memory; what is covered must not be saved."""
    access = field_access(by, CUSTOMER.name)
    closed = [(field, given) for field, given in access.items() if given in {"hidden", "masked"}]
    if not closed:
        return
    for one in customers:
        loaded = one.__dict__
        cover_custom(loaded, closed)
        for field, given in closed:
            for column in COLUMNS.get(field, ()):
                if column in loaded:
                    loaded[column] = covered(field, column, loaded[column], given)


def covered(field: str, column: str, value: Any, given: str) -> Any:
    """What is seen of a value; numbers and moments never."""
    declared = CUSTOMER.field(field)
    kind = declared.type if declared else "text"
    if given == "masked" and column not in EMPTY and isinstance(value, str) and kind != "number":
        return masked(value, kind)
    return EMPTY.get(column, "" if isinstance(value, str) else None)


def seen_identifiers(by: Actor, identifiers: Iterable[Identifier]) -> list[Identifier]:
    """Those of open kinds; of masked kinds with their end only."""
    access = field_access(by, CUSTOMER.name)
    kept = []
    for one in identifiers:
        given = kind_access(access, one.kind)
        if given == "hidden":
            continue
        if given == "masked":
            one.value = one.key = masked(one.value, "email" if one.kind == "email" else "phone")
        kept.append(one)
    return kept


def kind_access(access: Mapping[str, str], kind: str) -> str:
    """The access to identifiers of a kind, which is that of the field they belong to."""
    field = CUSTOMER.field(kind)
    return access.get(field.name, "edit") if field else "edit"


def closed_kinds(by: Actor) -> list[str]:
    """The kinds of identifiers that the actor cannot read."""
    access = field_access(by, CUSTOMER.name)
    return [kind for kind in Identifier.Kind.values if kind_access(access, kind) in {"hidden", "masked"}] if access else []


def seen_traits(by: Actor, traits: Iterable[Trait]) -> list[Trait]:
    """The measures that tell nothing of a closed field."""
    closed = closed_fields(by)
    if "traits" in closed:
        return []
    return [one for one in traits if not (("spend" in closed and one.name in MONEY_TRAITS) or is_purchase(one.name, closed))]


def is_purchase(name: str, closed: frozenset[str]) -> bool:
    """Whether a measure tells of purchases that are closed."""
    return "purchases" in closed and name.startswith(("rfm_", "purchase_", "first_purchase"))
