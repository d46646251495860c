"""Making sure that the branches, categories and products named by receipts exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from akrab.commerce.facts import ProductSaved
from akrab.commerce.queries.messages import LineMessage
from akrab.commerce.queries.pricing import LAST_REVISION
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_ids
from akrab.platform.money import to_minor

if TYPE_CHECKING:
    from akrab.commerce.operations.receiving import Placed


@dataclass(frozen=True, slots=True)
class BranchRow:
    """What intake needs of a branch."""

    id: UUID
    code: str
    zone: str
    channel: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A receipt line that says what a product is, and where its receipt stands among all that do."""

    key: str
    line: LineMessage
    currency: str


_APART = "\x1f"
_KNOWN = "SELECT sku, id, taught_by FROM commerce_product WHERE sku = ANY(%s)"
# Rows are asked for in the order of their SKU, so that two deliveries wait for each other and never in a circle.
_TEACH = """
WITH before AS (SELECT sku, version FROM commerce_product WHERE sku = ANY(%s)), taught AS (
    INSERT INTO commerce_product AS p (id, sku, name, category_id, price, cost, currency, taught_by, is_active, version,
        changed_at, changed_xid)
    SELECT id, sku, name, category, price, NULL, currency, taught_by, true, 1, %s, pg_current_xact_id()::text::bigint
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::bigint[], %s::text[], %s::text[])
        AS n(id, sku, name, category, price, currency, taught_by)
    ON CONFLICT (sku) DO UPDATE SET name = excluded.name, category_id = excluded.category_id, price = excluded.price,
        currency = excluded.currency, taught_by = excluded.taught_by, changed_at = excluded.changed_at,
        changed_xid = excluded.changed_xid, version = p.version + ((p.name, p.category_id, p.price, p.currency)
            IS DISTINCT FROM (excluded.name, excluded.category_id, excluded.price, excluded.currency))::int
    WHERE (p.name, p.category_id, p.price, p.currency, p.taught_by)
            IS DISTINCT FROM (excluded.name, excluded.category_id, excluded.price, excluded.currency, excluded.taught_by)
        AND excluded.taught_by <= p.taught_by
    RETURNING p.id, p.sku, p.version
)
SELECT t.id, t.sku, b.sku IS NULL, t.version IS DISTINCT FROM b.version
FROM taught t LEFT JOIN before b ON b.sku = t.sku
"""


def known_branches(codes: Sequence[str]) -> dict[str, BranchRow]:
    rows = fetch("SELECT id, code, zone, channel FROM commerce_branch WHERE code = ANY(%s)", [list(codes)])
    return {row[1]: BranchRow(*row) for row in rows}


def ensure_products(batch: Sequence[Placed], *, by: Actor, at: datetime) -> dict[str, UUID]:
    """The product of every SKU in these receipts.

    An unknown SKU becomes a product, and an earlier line teaches it again, so that it does not matter which receipt came
    first. What a receipt taught stays when a correction says less or happened later: only of one moment does the latest
    revision count. A product that people or a catalog described is left as it is.
    """
    lessons = _lessons(batch)
    known = {row[0]: (row[1], row[2]) for row in fetch(_KNOWN, [list(lessons)])}
    new = {sku: one for sku, one in sorted(lessons.items()) if sku not in known or _is_better(one, known[sku][1])}
    products = {sku: row[0] for sku, row in known.items()}
    return products | _teach(new, by=by, at=at) if new else products


def _lessons(batch: Sequence[Placed]) -> dict[str, Lesson]:
    """What teaches each SKU: of the lines that say most (a name, a category) the first, by time, receipt and place."""
    best: dict[str, tuple[tuple[Any, ...], LineMessage, str]] = {}
    for one in batch:
        message = one.priced.message
        receipt = (one.occurred_at, one.branch.code, *one.key[1:])
        for place, priced in enumerate(one.priced.lines, start=1):
            line = priced.message
            if line.sku and line.kind == "item":
                key = ((not line.name) * 2 + (not line.category), receipt, -message.revision, place)
                seen = best.get(line.sku)
                if seen is None or key < seen[0]:
                    best[line.sku] = (key, line, message.currency)
    return {sku: Lesson(_written(*key), line, currency) for sku, (key, line, currency) in best.items()}


def _written(rank: int, receipt: tuple[Any, ...], revision: int, _place: int) -> str:
    """A key of `_lessons` as a text that sorts alike, without the place: a receipt that is told again teaches again."""
    at = receipt[0].astimezone(UTC).isoformat(timespec="microseconds")
    return _APART.join((str(rank), at, "\x1e".join(receipt[1:]), f"{LAST_REVISION + revision:010}"))


def _is_better(lesson: Lesson, taught_by: str | None) -> bool:
    """Whether a lesson comes before the one that a product had, or is the same one told again."""
    return taught_by is not None and lesson.key <= taught_by


def _teach(new: dict[str, Lesson], *, by: Actor, at: datetime) -> dict[str, UUID]:
    categories = ensure_categories(sorted({one.line.category for one in new.values() if one.line.category}))
    lessons = list(new.values())
    rows = fetch(
        _TEACH,
        [
            list(new),
            at,
            new_ids(len(new)),
            list(new),
            [one.line.name or one.line.sku for one in lessons],
            [categories.get(one.line.category) for one in lessons],
            [to_minor(one.line.unit_price, one.currency) for one in lessons],
            [one.currency for one in lessons],
            [one.key for one in lessons],
        ],
    )
    record([ProductSaved(product_id=row[0], saved_at=at, sku=row[1], created=row[2]) for row in rows if row[3]], by=by)
    taught = {row[1]: row[0] for row in rows}
    raced = [sku for sku in new if sku not in taught]
    return taught | {row[0]: row[1] for row in fetch(_KNOWN, [raced])} if raced else taught


def ensure_categories(names: Sequence[str]) -> dict[str, UUID]:
    """The id of every category by name; those that are not there yet are added."""
    if not names:
        return {}
    fetch(
        "INSERT INTO commerce_category (id, name) SELECT * FROM unnest(%s::uuid[], %s::text[]) ON CONFLICT DO NOTHING",
        [new_ids(len(names)), list(names)],
    )
    return dict(fetch("SELECT name, id FROM commerce_category WHERE name = ANY(%s)", [list(names)]))
