"""Receipts as other programs read them: one with lines and tenders, many newest first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from akrab.commerce.models import RECEIPT
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound
from akrab.platform.rights.limits import demand, is_limited, reachable
from akrab.platform.rights.limits import where as where_of

ReceiptKind = Literal["sale", "return", "exchange", "adjustment", "void"]
ReceiptStatus = Literal["counted", "voided", "early"]
ChannelName = Literal["store", "web", "marketplace", "delivery", "phone"]
CustomerFrom = Literal["", "identifier", "original", "claim", "unusable"]

_COLUMNS = (
    "r.id, b.code, r.terminal, r.number, r.business_on, r.occurred_at, r.received_at, r.kind, r.status, r.channel, "
    "r.customer_id, r.customer_from, r.currency, r.net, r.tax, r.discount, r.shipping, r.rounding, r.total, "
    "r.paid_with_points, r.returned, r.tax_included, r.original_id, r.original_number, r.original_branch, "
    "r.original_terminal, r.original_on, r.revision, r.source, r.attributes::text"
)
# quantity and unit price travel as texts, because JSON numbers lose decimals in Python
_PARTS = (
    "(SELECT json_agg(json_build_array(l.line, l.kind, l.sku, l.name, l.product_id, l.quantity::text, "
    "l.unit_price::text, l.discount, l.net, l.tax, l.cost) ORDER BY l.line) "
    "FROM commerce_receiptline l WHERE l.receipt_id = r.id)::text, "
    "(SELECT json_agg(json_build_array(t.method, t.amount) ORDER BY t.position) "
    "FROM commerce_tender t WHERE t.receipt_id = r.id)::text"
)

FILTERS: Mapping[str, str] = {
    "branch": "b.code = %(branch)s",
    "number": "r.number = %(number)s",
    "customer_id": "r.customer_id = %(customer_id)s",
    "anonymous": "(r.customer_id IS NULL) = %(anonymous)s",
    "kind": "r.kind = %(kind)s",
    "status": "r.status = %(status)s",
    "channel": "r.channel = %(channel)s",
    "business_from": "r.business_on >= %(business_from)s",
    "business_to": "r.business_on <= %(business_to)s",
}


class LineRow(NamedTuple):
    """One stored line; amounts in minor units."""

    line: int
    kind: str
    sku: str
    name: str
    product_id: UUID | None
    quantity: str
    unit_price: str
    discount: int
    net: int
    tax: int
    cost: int | None


class ReceiptRow(NamedTuple):
    """One stored receipt; amounts in minor units of its currency."""

    id: UUID
    branch: str
    terminal: str
    number: str
    business_on: date
    occurred_at: datetime
    received_at: datetime
    kind: ReceiptKind
    status: ReceiptStatus
    channel: ChannelName
    customer_id: UUID | None
    customer_from: CustomerFrom
    currency: str
    net: int
    tax: int
    discount: int
    shipping: int
    rounding: int
    total: int
    paid_with_points: int
    returned: int
    tax_included: bool
    original_id: UUID | None
    original_number: str
    original_branch: str
    original_terminal: str
    original_on: date | None
    revision: int
    source: str
    attributes: dict[str, str]
    lines: list[LineRow]
    tenders: list[tuple[str, int]]


def get_document(*, by: Actor, receipt_id: UUID) -> ReceiptRow:
    """One receipt with lines and tenders."""
    found, _following = _select(["r.id = %(id)s"], {"id": receipt_id}, by=by, limit=1)
    if not found:
        raise NotFound
    return found[0]


def list_documents(
    *, by: Actor, filters: Mapping[str, Any], after: Sequence[Any] = (), limit: int = 50
) -> tuple[list[ReceiptRow], list[Any] | None]:
    """Receipts after a place, newest first, and the place of the next ones, None at the end."""
    if filters.get("customer_id") is not None:
        demand(by, "customers.customer", [filters["customer_id"]], "read")
    where = [FILTERS[name] for name in filters]
    parameters = dict(filters)
    if after:
        where.append("(r.occurred_at, r.id) < (%(after)s::timestamptz, %(after_id)s::uuid)")
        parameters |= {"after": after[0], "after_id": after[1]}
    return _select(where, parameters, by=by, limit=limit)


def _select(
    where: list[str], parameters: Mapping[str, Any], *, by: Actor, limit: int
) -> tuple[list[ReceiptRow], list[Any] | None]:
    require(by, "commerce.view_receipts")
    mine, values = where_of(by, RECEIPT.name, "r")
    where = where if mine == "true" else [*where, mine]
    rows = fetch(
        f"SELECT {_COLUMNS}, {_PARTS} FROM commerce_receipt r JOIN commerce_branch b ON b.id = r.branch_id "
        f"{'WHERE ' + ' AND '.join(where) if where else ''} ORDER BY r.occurred_at DESC, r.id DESC LIMIT %(limit)s",
        {**parameters, **values, "limit": limit + 1},
    )
    page = rows[:limit]
    following = [page[-1][5].isoformat(), str(page[-1][0])] if len(rows) > limit else None
    return _named([_row(row) for row in page], by=by), following


def _named(rows: list[ReceiptRow], *, by: Actor) -> list[ReceiptRow]:
    """The receipts, without the customers whom the actor may not see."""
    if not is_limited(by, "customers.customer"):
        return rows
    seen = reachable(by, "customers.customer", sorted({one.customer_id for one in rows if one.customer_id}))
    return [one if one.customer_id is None or one.customer_id in seen else one._replace(customer_id=None) for one in rows]


def _row(row: Sequence[Any]) -> ReceiptRow:
    *stored, attributes, lines, tenders = row
    return ReceiptRow._make(
        [
            *stored,
            json.loads(attributes),
            [LineRow._make(line) for line in json.loads(lines or "[]")],
            [(method, amount) for method, amount in json.loads(tenders or "[]")],
        ]
    )
