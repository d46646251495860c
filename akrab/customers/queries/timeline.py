"""The timeline of a customer, newest first, read from the fact log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from akrab.customers.models import CUSTOMER
from akrab.customers.queries.identity import members_of
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.paging import read_place, write_place
from akrab.platform.rights.history import seen_payloads
from akrab.platform.rights.limits import demand

SIZE = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact of a customer as it lies in the log."""

    id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    payload: dict[str, Any]
    who: str
    entrance: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Some entries, and the cursor of the older ones."""

    entries: list[Entry]
    next: str


def customer_timeline(*, by: Actor, customer_id: UUID, kinds: Sequence[str] = (), cursor: str = "", size: int = SIZE) -> Timeline:
    """What happened with a customer before a cursor; `kinds` are rooms (commerce) or kinds (commerce.receipt_recorded).

    Of those merged into the customer everything is told but their stages, which were never the survivor's.
    """
    require(by, "customers.view_customers")
    where = ["customer_id = ANY(%(customers)s)", "(kind <> 'customers.stage_changed' OR customer_id = %(reader)s)"]
    values: dict[str, Any] = {"customers": members_of(customer_id), "reader": customer_id, "size": size + 1}
    if kinds:
        where.append("kind LIKE ANY(%(kinds)s)")
        values["kinds"] = [kind if "." in kind else f"{kind}.%" for kind in kinds]
    if cursor:
        place = read_place(cursor, types=(datetime, UUID))
        where.append("occurred_at <= %(at)s AND (occurred_at, id) < (%(at)s, %(after)s)")
        values |= {"at": place[0], "after": place[1]}
    demand(by, CUSTOMER.name, [customer_id], "read")
    rows = fetch(
        "SELECT id, kind, occurred_at, recorded_at, payload, actor_label, entrance FROM platform_fact "
        f"WHERE {' AND '.join(where)} ORDER BY occurred_at DESC, id DESC LIMIT %(size)s",
        values,
    )
    payloads = seen_payloads(by, [(row[1], json.loads(row[4])) for row in rows[:size]])
    entries = [
        Entry(row[0], row[1], row[2], row[3], payload, row[5], row[6]) for row, payload in zip(rows, payloads, strict=False)
    ]
    more = len(rows) > size
    return Timeline(entries, write_place([entries[-1].at, entries[-1].id]) if more else "")
