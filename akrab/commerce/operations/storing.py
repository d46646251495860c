"""Storing receipts: rows of receipts, lines and tenders, written with COPY; corrections keep what was said before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from akrab.commerce.operations.converting import base_amounts
from akrab.platform.bulk import Part, copy_parts, current_xid, fetch
from akrab.platform.clock import in_zone
from akrab.platform.ids import new_ids
from akrab.platform.journal.entries import note_changed

if TYPE_CHECKING:
    from akrab.commerce.operations.receiving import Placed

Key = tuple[UUID, str, str, str]

_LOCKS = 7320001
_DECADES = 2**31
_FIELDS = (
    "kind",
    "status",
    "channel",
    "occurred_at",
    "customer_id",
    "customer_from",
    "currency",
    "net",
    "tax",
    "discount",
    "shipping",
    "rounding",
    "total",
    "paid_with_points",
    "unpaid",
    "tax_included",
    "base_net",
    "brought_back",
    "base_brought_back",
    "line_count",
    "original_number",
    "original_branch",
    "original_terminal",
    "original_on",
    "revision",
    "content_hash",
    "attributes",
    "changed_xid",
)
_RECEIPT = ("id", "branch_id", "number", "business_on", "terminal", "received_at", "source", "returned", "clock_skew", *_FIELDS)
_LINE = ("receipt_id", "line", "kind", "product_id", "sku", "name", "quantity", "unit_price", "discount", "net", "tax", "cost")
_TENDER = ("receipt_id", "position", "method", "amount")

# The lateral LIMIT holds the planner to one look-up per key: a join by branch and day compares every pair of a day.
_EXISTING = """
SELECT w.branch, w.number, w.day, w.terminal, r.id, r.revision, r.content_hash, r.net, r.customer_id, r.original_id,
    r.customer_from
FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::text[]) AS w(branch, number, day, terminal)
CROSS JOIN LATERAL (
    SELECT id, revision, content_hash, net, customer_id, original_id, customer_from FROM commerce_receipt
    WHERE branch_id = w.branch AND number = w.number AND business_on = w.day AND terminal = w.terminal LIMIT 1
) AS r
"""

_IMAGES = """
SELECT r.id, to_jsonb(r) || jsonb_build_object('replaced_at', %s::timestamptz,
    'lines', (SELECT jsonb_agg(to_jsonb(l)) FROM commerce_receiptline l WHERE l.receipt_id = r.id),
    'tenders', (SELECT jsonb_agg(to_jsonb(t)) FROM commerce_tender t WHERE t.receipt_id = r.id))
FROM commerce_receipt r WHERE r.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """What intake needs of a receipt that is there already."""

    id: UUID
    revision: int
    content_hash: str
    net: int
    customer_id: UUID | None
    original_id: UUID | None
    customer_from: str

    def customer_after(self, named: UUID | None) -> UUID | None:
        """Whose it is after a correction: a claim outlives one that names nobody."""
        return self.customer_id if named is None and self.customer_from == "claim" else named


def lock_branches(codes: Sequence[str]) -> None:
    """One writer of receipts per branch at a time, so that two deliveries, or a claim and a return, cannot race."""
    fetch("SELECT pg_advisory_xact_lock(%s, hashtext(code)) FROM unnest(%s::text[]) AS t(code)", [_LOCKS, list(codes)])


def existing_receipts(keys: Sequence[Key]) -> dict[Key, Stored]:
    """The receipts under these natural keys (branch, number, business date, terminal)."""
    rows = fetch(_EXISTING, [list(column) for column in zip(*keys, strict=True)] if keys else [[], [], [], []])
    return {(row[0], row[1], row[2].isoformat(), row[3]): Stored(*row[4:]) for row in rows}


def insert_receipts(
    new: Sequence[Placed], customers: Sequence[UUID | None], products: dict[str, UUID], *, at: datetime, source: str
) -> list[UUID]:
    """Insert receipts with lines and tenders; returns their ids in order."""
    ids = new_ids(len(new))
    if not new:
        return ids
    xid = current_xid()
    bases = _bases(new)
    receipts = (
        (
            receipt_id,
            one.branch.id,
            one.key[1],
            one.key[2],
            one.key[3],
            at,
            source,
            0,
            _skew(one, at),
            *_values(one, customer, base, xid),
        )
        for one, receipt_id, customer, base in zip(new, ids, customers, bases, strict=True)
    )
    copy_parts(("commerce_receipt", _RECEIPT, receipts), *_parts(new, ids, products))
    return ids


def replace_receipts(
    corrected: Sequence[tuple[Placed, Stored]],
    customers: Sequence[UUID | None],
    products: dict[str, UUID],
    *,
    at: datetime,
) -> None:
    """Give receipts their corrected content and keep the former as a version; corrections are few."""
    if not corrected:
        return
    ids = [old.id for _one, old in corrected]
    note_changed("commerce_receipt", _IMAGES, [at, ids])
    fetch(
        "INSERT INTO commerce_receiptversion (id, receipt_id, revision, content_hash, content, replaced_at) "
        "SELECT gen_random_uuid(), r.id, r.revision, r.content_hash, to_jsonb(r) || jsonb_build_object('lines', "
        "(SELECT jsonb_agg(to_jsonb(l) ORDER BY l.line) FROM commerce_receiptline l WHERE l.receipt_id = r.id)), %s "
        "FROM commerce_receipt r WHERE r.id = ANY(%s)",
        [at, ids],
    )
    fetch("DELETE FROM commerce_receiptline WHERE receipt_id = ANY(%s)", [ids])
    fetch("DELETE FROM commerce_tender WHERE receipt_id = ANY(%s)", [ids])
    xid = current_xid()
    bases = _bases([one for one, _old in corrected])
    assignments = ", ".join(f"{name} = %s" for name in _FIELDS)
    for (one, old), customer, base in zip(corrected, customers, bases, strict=True):
        came_from = "claim" if old.customer_from == "claim" and customer == old.customer_id else ""
        values = _values(one, customer, base, xid, came_from)
        fetch(f"UPDATE commerce_receipt SET {assignments}, original_id = NULL WHERE id = %s", [*values, old.id])
    copy_parts(*_parts([one for one, _old in corrected], ids, products))


def note_revisions(higher: Sequence[tuple[UUID, int]]) -> None:
    """Receipts that said the same again under a higher revision: what comes late with a lower one changes nothing."""
    fetch(
        "UPDATE commerce_receipt r SET revision = w.revision, changed_xid = pg_current_xact_id()::text::bigint "
        "FROM unnest(%s::uuid[], %s::int[]) AS w(id, revision) WHERE r.id = w.id AND r.revision < w.revision",
        [[one for one, _revision in higher], [revision for _one, revision in higher]],
    )


def _bases(batch: Sequence[Placed]) -> list[tuple[int | None, int | None]]:
    """What each receipt comes to in the reporting currency, and what it brought back: both are known, or neither is."""
    nets = base_amounts([(one.priced.message.currency, _day(one), one.priced.net) for one in batch])
    backs = [one.priced.brought_back for one in batch]
    if not any(backs):
        return [(net, 0) for net in nets]
    amounts = [(one.priced.message.currency, _day(one), back) for one, back in zip(batch, backs, strict=True)]
    both = zip(nets, backs, base_amounts(amounts), strict=True)
    return [(net, 0) if not back else (None, None) if net is None or base is None else (net, base) for net, back, base in both]


def _values(
    one: Placed, customer: UUID | None, base: tuple[int | None, int | None], xid: int, came_from: str = ""
) -> tuple[Any, ...]:
    priced, message = one.priced, one.priced.message
    refers = bool(message.original_number)
    waits = refers and message.kind in {"return", "void", "exchange"}
    return (
        message.kind,
        "early" if waits else "counted",
        message.channel or one.branch.channel,
        one.occurred_at,
        customer,
        came_from or ("identifier" if customer else "unusable" if message.contact and message.contact.unusable else ""),
        message.currency,
        priced.net,
        priced.tax,
        priced.discount,
        priced.shipping,
        priced.rounding,
        priced.total,
        priced.paid_with_points,
        priced.unpaid,
        message.tax_included,
        base[0],
        priced.brought_back,
        base[1],
        len(priced.lines),
        message.original_number,
        (message.original_branch or one.branch.code) if refers else "",
        message.original_terminal,
        message.original_on,
        message.revision,
        priced.content_hash,
        json.dumps(message.attributes),
        xid,
    )


def _parts(batch: Sequence[Placed], ids: Sequence[UUID], products: dict[str, UUID]) -> tuple[Part, Part]:
    """The lines and the tenders of receipts."""
    lines = (
        (
            receipt_id,
            number,
            line.message.kind,
            products.get(line.message.sku),
            line.message.sku,
            line.message.name,
            line.quantity,
            line.message.unit_price,
            line.discount,
            line.net,
            line.tax,
            line.cost,
        )
        for one, receipt_id in zip(batch, ids, strict=True)
        for number, line in enumerate(one.priced.lines, start=1)
    )
    tenders = (
        (receipt_id, position, method, amount)
        for one, receipt_id in zip(batch, ids, strict=True)
        for position, (method, amount) in enumerate(one.priced.tenders, start=1)
    )
    return ("commerce_receiptline", _LINE, lines), ("commerce_tender", _TENDER, tenders)


def _skew(one: Placed, at: datetime) -> int | None:
    """Seconds by which the till's clock runs behind ours, transport included; none when that would be decades."""
    sent = one.priced.message.sent_at
    if sent is None:
        return None
    seconds = round((at - in_zone(sent, one.branch.zone)).total_seconds())
    return seconds if abs(seconds) < _DECADES else None


def _day(one: Placed) -> date:
    return date.fromisoformat(one.key[2])
