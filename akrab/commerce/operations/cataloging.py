"""Making sure that the branches, categories and products named by receipts exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from akrab.commerce.facts import ProductSaved
from akrab.commerce.queries.messages import LineMessage, ReceiptMessage
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_ids
from akrab.platform.money import to_minor


@dataclass(frozen=True, slots=True)
class BranchRow:
    """What intake needs of a branch."""

    id: UUID
    code: str
    zone: str
    channel: str


def known_branches(codes: Sequence[str]) -> dict[str, BranchRow]:
    rows = fetch("SELECT id, code, zone, channel FROM commerce_branch WHERE code = ANY(%s)", [list(codes)])
    return {row[1]: BranchRow(*row) for row in rows}


def ensure_products(messages: Sequence[ReceiptMessage], *, by: Actor, at: datetime) -> dict[str, UUID]:
    """The product of every SKU in these receipts; unknown SKUs become products named by their first line."""
    wanted: dict[str, tuple[LineMessage, str]] = {}
    for message in messages:
        for line in message.lines:
            if line.sku and line.kind == "item":
                seen = wanted.get(line.sku)
                if seen is None or (not seen[0].name and line.name):
                    wanted[line.sku] = (line, message.currency)
    known = _known_products(list(wanted))
    missing = {sku: one for sku, one in wanted.items() if sku not in known}
    if missing:
        _add_products(missing, by=by, at=at)
        known |= _known_products(list(missing))
    return known


def _known_products(skus: Sequence[str]) -> dict[str, UUID]:
    return dict(fetch("SELECT sku, id FROM commerce_product WHERE sku = ANY(%s)", [list(skus)]))


def _add_products(missing: dict[str, tuple[LineMessage, str]], *, by: Actor, at: datetime) -> None:
    categories = ensure_categories(sorted({line.category for line, _currency in missing.values() if line.category}))
    lines = list(missing.values())
    rows = fetch(
        "INSERT INTO commerce_product (id, sku, name, category_id, price, cost, currency, is_active, version, "
        "changed_at, changed_xid) SELECT id, sku, name, category, price, NULL, currency, true, 1, %s, "
        "pg_current_xact_id()::text::bigint FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::bigint[], "
        "%s::text[]) AS n(id, sku, name, category, price, currency) ON CONFLICT (sku) DO NOTHING RETURNING id, sku",
        [
            at,
            new_ids(len(missing)),
            list(missing),
            [line.name or line.sku for line, _currency in lines],
            [categories.get(line.category) for line, _currency in lines],
            [to_minor(line.unit_price, currency) for line, currency in lines],
            [currency for _line, currency in lines],
        ],
    )
    record([ProductSaved(product_id=row[0], saved_at=at, sku=row[1], created=True) for row in rows], by=by)


def ensure_categories(names: Sequence[str]) -> dict[str, UUID]:
    """The id of every category by name; those that are not there yet are added."""
    if not names:
        return {}
    fetch(
        "INSERT INTO commerce_category (id, name) SELECT * FROM unnest(%s::uuid[], %s::text[]) ON CONFLICT DO NOTHING",
        [new_ids(len(names)), list(names)],
    )
    return dict(fetch("SELECT name, id FROM commerce_category WHERE name = ANY(%s)", [list(names)]))
