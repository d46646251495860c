"""The trash: customers leave every list and can come back; after 30 days those whom nothing refers to are deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import CustomerRestored, CustomerTrashed, TrashEmptied
from akrab.customers.models import CUSTOMER, Customer
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.journal.declaring import references_to
from akrab.platform.operation import operation
from akrab.platform.refusal import NotFound
from akrab.platform.rights.limits import demand

KEPT_FOR = timedelta(days=30)
OWN = frozenset(
    {
        "customers_identifier",
        "customers_relationship",
        "customers_trait",
        "customers_reviewitem",
        "customers_accountmember",
        "customers_duplicate",
    }
)

_MOVE = """
UPDATE customers_customer SET trashed_at = %s, version = version + 1, changed_at = %s,
    changed_xid = pg_current_xact_id()::text::bigint
WHERE id = ANY(%s) AND merged_into_id IS NULL AND (trashed_at IS NULL) = (%s::timestamptz IS NOT NULL) RETURNING id
"""


@operation(may="customers.delete_customers", journal=_("Moved %(subject)s to the trash"))
def trash_customers(*, by: Actor, customer_ids: Sequence[UUID], at: datetime) -> list[CustomerTrashed]:
    """Take customers out of lists, search, exports and pickers; their receipts stay and count.

    What identifies them still points to them: a purchase in the meantime is theirs when they come back.
    """
    wanted = sorted(set(customer_ids))
    seen = Customer.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True)
    if set(seen) != set(wanted):
        raise NotFound
    demand(by, CUSTOMER.name, wanted, "edit")
    moved = [row[0] for row in fetch(_MOVE, [at, at, wanted, at])]
    facts = [CustomerTrashed(customer_id=one, trashed_at=at) for one in moved]
    record(facts, by=by)
    return facts


@operation(may="customers.delete_customers", journal=_("Restored %(subject)s from the trash"))
def restore_customers(*, by: Actor, customer_ids: Sequence[UUID], at: datetime) -> list[CustomerRestored]:
    """Bring customers back from the trash."""
    demand(by, CUSTOMER.name, customer_ids, "edit", with_trash=True)
    moved = [row[0] for row in fetch(_MOVE, [None, at, sorted(set(customer_ids)), None])]
    if not moved:
        raise NotFound
    facts = [CustomerRestored(customer_id=one, restored_at=at) for one in moved]
    record(facts, by=by)
    return facts


@operation(may="customers.delete_customers")
def empty_trash(*, by: Actor, at: datetime, limit: int = 1_000) -> int:
    """Delete for good, at most `limit` of those who lie there for 30 days and whom nothing refers to; returns how many.

    Who has receipts, tasks or consents stays in the trash: what rests on them must keep its owner. Removing a person's
    data altogether is an erasure, not this.
    """
    others = [one for one in references_to("customers_customer") if one[0] not in OWN]
    free = " AND ".join(f"NOT EXISTS (SELECT 1 FROM {table} x WHERE x.{column} = c.id)" for table, column in others)
    gone = fetch(
        f"SELECT c.id FROM customers_customer c WHERE c.trashed_at < %s AND {free or 'true'} "
        "ORDER BY c.trashed_at, c.id LIMIT %s FOR UPDATE",
        [at - KEPT_FOR, limit],
    )
    ids = [row[0] for row in gone]
    if ids:
        for table, column in references_to("customers_customer"):
            if table in OWN:
                fetch(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [ids])
        fetch("DELETE FROM customers_customer WHERE id = ANY(%s)", [ids])
        record([TrashEmptied(emptied_at=at, customers=len(ids))], by=by)
    return len(ids)
