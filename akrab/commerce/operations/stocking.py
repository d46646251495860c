"""Keeping the catalog: products with category, price and cost, and what goes with them or steps up from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from akrab.commerce.facts import ProductSaved
from akrab.commerce.operations.cataloging import ensure_categories
from akrab.commerce.queries.customizing import PRODUCT
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.fields import PREFIX
from akrab.platform.customizing.writing import defaults
from akrab.platform.facts import record
from akrab.platform.ids import new_ids
from akrab.platform.operation import operation


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product as a catalog lists it; price and cost in minor units of the currency.

    `custom` are values of custom fields by name in their kept form, as `read_values` gives them; None empties one.
    """

    sku: str
    name: str
    currency: str
    category: str = ""
    price: int | None = None
    cost: int | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)


_SAVE = """
INSERT INTO commerce_product AS p (id, sku, name, category_id, price, cost, currency, is_active, version, changed_at,
    changed_xid, custom)
SELECT n.id, n.sku, n.name, c.id, n.price, n.cost, n.currency, true, 1, %s, pg_current_xact_id()::text::bigint,
    CASE WHEN o.id IS NULL THEN jsonb_strip_nulls(%s::jsonb || n.custom::jsonb) ELSE n.custom::jsonb END
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[])
    AS n(id, sku, name, category, price, cost, currency, custom)
LEFT JOIN commerce_product o ON o.sku = n.sku
LEFT JOIN commerce_category c ON c.name = n.category
ON CONFLICT (sku) DO UPDATE SET name = excluded.name, category_id = coalesce(excluded.category_id, p.category_id),
    price = coalesce(excluded.price, p.price), cost = coalesce(excluded.cost, p.cost), currency = excluded.currency,
    custom = jsonb_strip_nulls(p.custom || excluded.custom),
    taught_by = NULL, version = p.version + 1, changed_at = excluded.changed_at, changed_xid = excluded.changed_xid
WHERE (p.custom, p.name, p.category_id, p.price, p.cost, p.currency) IS DISTINCT FROM (
    jsonb_strip_nulls(p.custom || excluded.custom), excluded.name,
    coalesce(excluded.category_id, p.category_id), coalesce(excluded.price, p.price), coalesce(excluded.cost, p.cost),
    excluded.currency)
RETURNING id, sku, version = 1
"""

# What a catalog says in the words of a receipt is not changed, but is no receipt's to change any more.
_SETTLE = "UPDATE commerce_product SET taught_by = NULL WHERE sku = ANY(%s) AND taught_by IS NOT NULL"

_LINK = """
INSERT INTO commerce_productlink (product_id, other_id, kind)
SELECT p.id, o.id, n.kind FROM unnest(%s::text[], %s::text[], %s::text[]) AS n(sku, other, kind)
JOIN commerce_product p ON p.sku = n.sku JOIN commerce_product o ON o.sku = n.other
ON CONFLICT (product_id, other_id, kind) DO NOTHING RETURNING product_id
"""


@operation(may="commerce.edit_products", journal=_("Saved %(subject)s"))
def save_products(*, by: Actor, products: Sequence[ProductRow], at: datetime, only_new: bool = False) -> list[ProductSaved]:
    """Create or change products by SKU; what a row leaves open stays, and equal content is no change.

    With `only_new`, products that are there already stay as they are.
    """
    ensure_categories(sorted({one.category for one in products if one.category}))
    latest = {one.sku: one for one in products if one.sku}
    if only_new:
        known = {row[0] for row in fetch("SELECT sku FROM commerce_product WHERE sku = ANY(%s)", [list(latest)])}
        latest = {sku: one for sku, one in latest.items() if sku not in known}
    rows = fetch(
        _SAVE,
        [
            at,
            json.dumps(defaults(PRODUCT)),
            new_ids(len(latest)),
            *(
                [getattr(one, name) for one in latest.values()]
                for name in ("sku", "name", "category", "price", "cost", "currency")
            ),
            [json.dumps({name.removeprefix(PREFIX): value for name, value in one.custom.items()}) for one in latest.values()],
        ],
    )
    fetch(_SETTLE, [list(latest)])
    facts = [ProductSaved(product_id=row[0], saved_at=at, sku=row[1], created=row[2]) for row in rows]
    record(facts, by=by)
    return facts


@operation(may="commerce.edit_products", journal=_("Linked %(subject)s"))
def link_products(*, by: Actor, links: Sequence[tuple[str, str, str]], at: datetime) -> list[ProductSaved]:
    """Say what completes a product or steps up from it: (SKU, other SKU, complement or upgrade)."""
    added = {row[0] for row in fetch(_LINK, [list(column) for column in zip(*links, strict=True)])} if links else set()
    skus = fetch("SELECT id, sku FROM commerce_product WHERE id = ANY(%s) ORDER BY sku", [sorted(added)])
    facts = [ProductSaved(product_id=one, saved_at=at, sku=sku) for one, sku in skus]
    record(facts, by=by)
    return facts
