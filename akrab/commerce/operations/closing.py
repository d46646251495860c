"""Closing a till: its own figures for one branch and day, to be reconciled with the receipts that arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from akrab.commerce.facts import TillClosed, TillClosingRemoved
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import NotFound, Refusal


class UnknownBranch(Refusal):
    code = "unknown_branch"
    status = 422
    message = _("There is no branch with the code %(branch)s.")


@dataclass(frozen=True, slots=True)
class Closing:
    """What the till of a branch counted for a day; `total` in minor units."""

    branch: str
    business_on: date
    receipts: int
    total: int
    currency: str


_NOTE = """
INSERT INTO commerce_tillclosing AS t (branch_id, business_on, receipts, total, currency, noted_at)
SELECT b.id, n.day, n.receipts, n.total, n.currency, %s
FROM unnest(%s::text[], %s::date[], %s::int[], %s::bigint[], %s::text[]) AS n(branch, day, receipts, total, currency)
JOIN commerce_branch b ON b.code = n.branch
ON CONFLICT (branch_id, business_on, currency) DO UPDATE
    SET receipts = excluded.receipts, total = excluded.total, noted_at = excluded.noted_at
    WHERE (t.receipts, t.total) IS DISTINCT FROM (excluded.receipts, excluded.total)
RETURNING branch_id, business_on, receipts, total, currency
"""


@operation(may="commerce.record_receipts", journal=_("Noted a till closing of %(subject)s"))
def note_closings(*, by: Actor, closings: Sequence[Closing], at: datetime) -> list[TillClosed]:
    """Note (or replace) what the tills of branches counted; the same figures again change nothing."""
    known = {row[0] for row in fetch("SELECT code FROM commerce_branch")}
    for one in closings:
        if one.branch not in known:
            raise UnknownBranch(branch=one.branch)
    latest = {(one.branch, one.business_on, one.currency): one for one in closings}
    columns = [[getattr(one, name) for one in latest.values()] for name in Closing.__slots__]
    facts = [
        TillClosed(branch_id=row[0], business_on=row[1], noted_at=at, receipts=row[2], total=row[3], currency=row[4])
        for row in fetch(_NOTE, [at, *columns])
    ]
    record(facts, by=by)
    return facts


@operation(may="commerce.record_receipts")
def note_closing(
    *, by: Actor, branch: str, business_on: date, receipts: int, total: int, currency: str, at: datetime
) -> list[TillClosed]:
    """Note (or replace) one branch and day; nothing is returned when it was noted just so."""
    return note_closings(by=by, closings=[Closing(branch, business_on, receipts, total, currency)], at=at)


@operation(may="commerce.record_receipts", journal=_("Removed a till closing of %(subject)s"))
def remove_closing(*, by: Actor, branch: str, business_on: date, currency: str, at: datetime) -> TillClosingRemoved:
    """Take away what was noted for a branch and day; an undo brings it back."""
    rows = fetch(
        "DELETE FROM commerce_tillclosing t USING commerce_branch b WHERE b.id = t.branch_id AND b.code = %s "
        "AND t.business_on = %s AND t.currency = %s RETURNING t.branch_id",
        [branch, business_on, currency],
    )
    if not rows:
        raise NotFound
    fact = TillClosingRemoved(branch_id=rows[0][0], business_on=business_on, removed_at=at, currency=currency)
    record([fact], by=by)
    return fact
