"""Customers to choose from, by some letters of a name, phone or address."""

from __future__ import annotations

from akrab.customers.queries.cards import CustomerCard
from akrab.customers.queries.listing import pick_customers
from akrab.platform.actor import Actor


def find_customers(*, by: Actor, words: str) -> list[CustomerCard]:
    """A few customers whom the words may mean, best first."""
    return (
        [CustomerCard(one.pk, one.kind, one.display_name) for one in pick_customers(by=by, words=words)] if words.strip() else []
    )
