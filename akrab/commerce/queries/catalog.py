"""Products and branches as other programs read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from akrab.commerce.models import RECEIPT, Product
from akrab.commerce.queries.customizing import PRODUCT
from akrab.commerce.queries.documents import ChannelName
from akrab.commerce.queries.filtering import FILTERABLE
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch, named
from akrab.platform.customizing.reading import values_sql
from akrab.platform.listing.tree import NO_FILTER, Group
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound
from akrab.platform.rights.limits import where as where_of
from akrab.platform.rights.limits import where_all

_PRODUCT = (
    "SELECT p.id, p.sku, p.name, coalesce(c.name, ''), p.price, p.cost, p.currency, p.is_active, p.changed_at, "
    "p.version, (SELECT coalesce(array_agg(l.kind || ':' || o.sku ORDER BY l.kind, o.sku), '{}') "
    "FROM commerce_productlink l JOIN commerce_product o ON o.id = l.other_id WHERE l.product_id = p.id), {custom} "
    "FROM commerce_product p LEFT JOIN commerce_category c ON c.id = p.category_id"
)
_BRANCH = "SELECT id, code, name, channel, zone, city, is_active, version FROM commerce_branch"
_CLOSINGS = """
WITH ours AS (
    SELECT branch_id, business_on, currency, count(*) FILTER (WHERE counts) AS receipts,
        (sum(total) FILTER (WHERE counts))::bigint AS total, count(*) FILTER (WHERE counts AND unpaid <> 0) AS mispaid,
        (sum(unpaid) FILTER (WHERE counts))::bigint AS unpaid
    FROM (SELECT *, status = 'counted' AND kind <> 'void' AS counts FROM commerce_receipt r
          WHERE {mine} AND business_on BETWEEN %(since)s AND %(until)s) AS r
    GROUP BY branch_id, business_on, currency
), tills AS (
    SELECT branch_id, business_on, currency, receipts, total, noted_at FROM commerce_tillclosing t
    WHERE {whole} AND business_on BETWEEN %(since)s AND %(until)s
)
SELECT b.code, business_on, currency, t.receipts, t.total, coalesce(o.receipts, 0), coalesce(o.total, 0), t.noted_at,
    coalesce(o.mispaid, 0), coalesce(o.unpaid, 0)
FROM ours AS o FULL JOIN tills AS t USING (branch_id, business_on, currency) JOIN commerce_branch b ON b.id = branch_id
WHERE %(branch)s::text IS NULL OR b.code = %(branch)s ORDER BY business_on, b.code, currency
"""
PRODUCT_FILTERS: Mapping[str, str] = {
    "sku": "p.sku = %(sku)s",
    "category": "c.name = %(category)s",
    "is_active": "p.is_active = %(is_active)s",
}


class ProductRow(NamedTuple):
    """One stored product; price and cost in minor units, links as kind:sku."""

    id: UUID
    sku: str
    name: str
    category: str
    price: int | None
    cost: int | None
    currency: str
    is_active: bool
    changed_at: datetime
    version: int
    links: list[str]
    custom: dict[str, Any]


class BranchRow(NamedTuple):
    """One stored branch."""

    id: UUID
    code: str
    name: str
    channel: ChannelName
    zone: str
    city: str
    is_active: bool
    version: int


class DayRow(NamedTuple):
    """One branch and day: what its till counted, and what arrived here; amounts in minor units.

    `mispaid` receipts have payments that do not come to their total; `unpaid` is what these leave open, negative when too
    much was paid.
    """

    branch: str
    business_on: date
    currency: str
    till_receipts: int | None
    till_total: int | None
    receipts: int
    total: int
    noted_at: datetime | None
    mispaid: int
    unpaid: int


def get_product(*, by: Actor, product_id: UUID | None = None, sku: str | None = None) -> ProductRow:
    """One product, by id or SKU."""
    require(by, "commerce.view_products")
    rows = fetch(f"{_product()} WHERE p.id = %s OR p.sku = %s", [product_id, sku])
    if not rows:
        raise NotFound
    return _row(rows[0])


def list_products(
    *,
    by: Actor,
    filters: Mapping[str, Any],
    search: str = "",
    after: Sequence[Any] = (),
    limit: int = 50,
    tree: Group = NO_FILTER,
) -> tuple[list[ProductRow], list[Any] | None]:
    """Products in the order of their ids after a place, and the place of the next ones."""
    require(by, "commerce.view_products")
    words = {f"word{index}": f"%{_escaped(word)}%" for index, word in enumerate(search.split()[:8])}
    where = [PRODUCT_FILTERS[name] for name in filters]
    where += [f"(p.name ILIKE %({name})s OR p.sku ILIKE %({name})s)" for name in words]
    if after:
        where.append("p.id > %(after)s::uuid")
    met: dict[str, Any] = {}
    if tree:
        chosen = Product._default_manager.filter(FILTERABLE.q(tree, by=by)).order_by().values("pk")
        sql, met = named(*chosen.query.sql_with_params(), prefix="met")
        where.append(f"p.id IN ({sql})")
    rows = fetch(
        f"{_product()} {'WHERE ' + ' AND '.join(where) if where else ''} ORDER BY p.id LIMIT %(limit)s",
        {**filters, **words, **met, "limit": limit + 1, "after": after[0] if after else None},
    )
    page = [_row(row) for row in rows[:limit]]
    return page, [str(page[-1].id)] if len(rows) > limit else None


def _product() -> str:
    return _PRODUCT.replace("{custom}", values_sql(PRODUCT, "p"))


def _row(row: Sequence[Any]) -> ProductRow:
    return ProductRow._make([*row[:-1], json.loads(row[-1], parse_float=Decimal)])


def products_by_sku(*, by: Actor, skus: Sequence[str]) -> dict[str, UUID]:
    """The id of each known SKU."""
    require(by, "commerce.view_products")
    return dict(fetch("SELECT sku, id FROM commerce_product WHERE sku = ANY(%s)", [list(skus)]))


def get_branch(*, by: Actor, branch_id: UUID | None = None, code: str | None = None) -> BranchRow:
    """One branch, by id or code."""
    require(by, "commerce.view_branches")
    rows = fetch(f"{_BRANCH} WHERE id = %s OR code = %s", [branch_id, code])
    if not rows:
        raise NotFound
    return BranchRow(*rows[0])


def list_branches(*, by: Actor) -> list[BranchRow]:
    """All branches, by code."""
    require(by, "commerce.view_branches")
    return [BranchRow(*row) for row in fetch(f"{_BRANCH} ORDER BY code")]


def closing_days(*, by: Actor, since: date, until: date, branch: str | None = None) -> list[DayRow]:
    """Each branch and day with receipts or a till closing: the till's figures beside those that arrived.

    Whoever may see only some receipts of a branch is not told what its till counted.
    """
    require(by, "commerce.view_receipts")
    mine, values = where_of(by, RECEIPT.name, "r")
    whole, more = where_all(by, RECEIPT.name, "t", "branch_id")
    values |= more | {"since": since, "until": until, "branch": branch}
    return [DayRow(*row) for row in fetch(_CLOSINGS.replace("{mine}", mine).replace("{whole}", whole), values)]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
