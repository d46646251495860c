"""Customers for tests: each factory fills in what the test does not care about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.test import Client

from akrab.customers.models import Customer, Identifier, Trait
from akrab.customers.operations.merging import merge_customers as merge_customers
from akrab.platform.ids import new_id
from akrab.platform.models import User
from akrab.platform.tests.factories import NOON


def make_customer(name: str = "Siti Nurhaliza", **what_matters: Any) -> Customer:
    """A customer in the database; phone and e-mail also identify it."""
    values = {"display_name": name, "registered_at": NOON, "changed_at": NOON, "changed_xid": 1, **what_matters}
    owner = values.get("owner")
    if owner and "people" not in values:
        values["people"] = [owner.pk]
    customer = Customer(**values)
    customer.save(force_insert=True)
    for kind in ("phone", "email"):
        if values.get(kind):
            make_identifier(customer, kind, values[kind])
    customer.refresh_from_db()
    return customer


def make_customers(names: Sequence[str], **what_matters: Any) -> list[Customer]:
    return [make_customer(name, **what_matters) for name in names]


def make_identifier(customer: Customer, kind: str, key: str) -> Identifier:
    return Identifier.objects.create(id=new_id(), kind=kind, key=key, value=key, customer=customer, added_at=NOON)


def make_trait(customer: Customer, name: str, value: int | str) -> Trait:
    number, text = (value, "") if isinstance(value, int) else (None, value)
    kind = "text" if number is None else "number"
    return Trait.objects.create(
        customer=customer, name=name, type=kind, number=number, text=text, as_of=NOON.date(), written_at=NOON, source="test"
    )


def sign_in(client: Client, role: str = "manager", **preferences: Any) -> User:
    """A person with a role, signed in with this client."""
    user = User.objects.create(email=f"{role}@example.com", name=role.title(), role=role, **preferences)
    client.force_login(user)
    return user
