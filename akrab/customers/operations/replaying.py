"""After a restore: who was erased since the backup was made is erased again, from the list that home keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from akrab.customers.models import Customer
from akrab.customers.operations.erasing import erase_customer
from akrab.customers.tables.privacy import Erasure, Tombstone
from akrab.platform.actor import Actor
from akrab.platform.ids import new_id
from akrab.platform.operation import operation


@operation(may="customers.erase_customers")
def replay_erasures(*, by: Actor, lines: Iterable[str], at: datetime) -> int:
    """Erase again whom the backup brought back, and remember the erasures that it does not know; returns how many came back."""
    listed = [json.loads(line) for line in lines if line.strip()]
    known = set(Erasure.objects.values_list("pk", flat=True))
    back = 0
    for one in listed:
        customer, erasure = UUID(one["customer"]), UUID(one["erasure"])
        if erasure not in known:
            _remember(one, erasure, customer)
            known.add(erasure)
        if Customer.objects.unscoped().filter(pk=customer).exists():
            erase_customer(by=by, customer_id=customer, at=at, reason="replay")
            back += 1
    return back


def _remember(one: dict[str, Any], erasure: UUID, customer: UUID) -> None:
    made = Erasure.objects.create(
        id=erasure,
        customer_id=customer,
        at=datetime.fromisoformat(one["erased_at"]),
        reason=one["reason"],
        actor_kind="system",
        actor_label=one["by"],
        stores=one["stores"],
        completed_at=datetime.fromisoformat(one["completed_at"]),
        signature=one["signature"],
    )
    Tombstone.objects.bulk_create(
        [Tombstone(id=new_id(), kind=kind, hash=digest, erasure=made) for kind, digest in one["tombstones"]],
        ignore_conflicts=True,
    )
