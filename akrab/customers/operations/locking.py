"""Locking customers in a fixed order, for an operation that reads their history and then writes about them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import operation

_NEW_IDENTIFIERS = 7310001


LOCK_NEW_IDENTIFIERS = f"SELECT pg_advisory_xact_lock({_NEW_IDENTIFIERS}); "
"""Until the running transaction ends, nobody else points new identifiers to customers; goes before a statement that then
sees what others pointed."""


def lock_new_identifiers() -> None:
    """Take that lock alone."""
    fetch(LOCK_NEW_IDENTIFIERS)


@operation(may="customers.note_purchases")
def lock_customers(*, by: Actor, customer_ids: Sequence[UUID]) -> None:
    """Hold these customers until the running transaction ends."""
    fetch("SELECT 1 FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [list(customer_ids)])
