"""Receipts of customers whom the reader may not see: the document stays, the customer is withheld."""

from __future__ import annotations

from collections.abc import Iterable

from akrab.commerce.models import Receipt
from akrab.platform.actor import Actor
from akrab.platform.rights.limits import is_limited, reachable


def withhold(by: Actor, receipts: Iterable[Receipt]) -> None:
    """Take customers out of reach off these receipts, in memory; such receipts must not be saved."""
    if not is_limited(by, "customers.customer"):
        return
    held = [one for one in receipts if one.customer_id is not None]
    seen = reachable(by, "customers.customer", sorted({one.customer_id for one in held if one.customer_id}))
    for one in held:
        if one.customer_id not in seen:
            one.customer, one.is_withheld = None, True
