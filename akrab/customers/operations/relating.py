"""Relationships between customers: who works where, decides for whom, lives with whom."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import RelationshipChanged
from akrab.customers.models import Customer, Relationship
from akrab.customers.operations.identifying import find_and_lock
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, NotFound, Refusal


class RelatedToSelf(Refusal):
    code = "related_to_self"
    status = 422
    message = _("A customer cannot be related to itself.")


@operation(may="customers.edit_customers", journal=_("Related %(subject)s to another customer"))
def relate_customers(
    *, by: Actor, customer_id: UUID, other_id: UUID, kind: str, at: datetime, note: str = "", since: date | None = None
) -> list[RelationshipChanged]:
    """State how one customer belongs to another; saying it again renews note and date, or changes nothing."""
    if customer_id == other_id:
        raise RelatedToSelf
    if kind not in Relationship.Kind.values:
        raise Invalid({"kind": str(_("Unknown kind of relationship."))})
    pair = [find_and_lock(one, by=by) for one in sorted((customer_id, other_id))]
    said = fetch(
        "INSERT INTO customers_relationship AS r (id, customer_id, other_id, kind, note, since) VALUES (%s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (customer_id, other_id, kind) DO UPDATE SET note = excluded.note, since = excluded.since "
        "WHERE (r.note, r.since) IS DISTINCT FROM (excluded.note, excluded.since) RETURNING 1",
        [new_id(), customer_id, other_id, kind, note[:200], since],
    )
    return _record(pair, kind, ended=False, by=by, at=at) if said else []


@operation(may="customers.edit_customers", journal=_("Ended a relationship of %(subject)s"))
def end_relationship(*, by: Actor, customer_id: UUID, relationship_id: UUID, at: datetime) -> list[RelationshipChanged]:
    """Take a relationship of a customer away, from whichever side."""
    rows = fetch(
        "DELETE FROM customers_relationship WHERE id = %s AND %s IN (customer_id, other_id) "
        "RETURNING customer_id, other_id, kind",
        [relationship_id, customer_id],
    )
    if not rows:
        raise NotFound
    pair = [find_and_lock(one, by=by) for one in sorted(rows[0][:2])]
    return _record(pair, rows[0][2], ended=True, by=by, at=at)


def _record(pair: list[Customer], kind: str, *, ended: bool, by: Actor, at: datetime) -> list[RelationshipChanged]:
    """Both timelines tell it."""
    facts = [
        RelationshipChanged(
            customer_id=one.pk, other_id=other.pk, changed_at=at, kind=kind, ended=ended, other_name=other.display_name
        )
        for one, other in (pair, pair[::-1])
    ]
    record(facts, by=by)
    return facts
