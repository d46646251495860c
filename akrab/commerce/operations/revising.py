"""Revising the catalog and the branches: one product or branch at a time, by its version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.commerce.facts import BranchSaved, ProductSaved
from akrab.commerce.models import Branch, Product
from akrab.commerce.operations.cataloging import ensure_categories
from akrab.commerce.queries.customizing import PRODUCT
from akrab.platform.actor import Actor
from akrab.platform.bulk import current_xid
from akrab.platform.clock import zone as known_zone
from akrab.platform.customizing.writing import checked, merged, split
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import NotFound, StaleVersion


@operation(may="commerce.edit_products", journal=_("Edited %(subject)s"))
def revise_product(
    *, by: Actor, product_id: UUID, changes: Mapping[str, Any], at: datetime, version: int | None = None
) -> ProductSaved:
    """Give fields of a product new values: name, category, price and cost in minor units, currency, is_active."""
    product = Product.objects.select_for_update().filter(pk=product_id).first()
    if product is None:
        raise NotFound
    if version is not None and version != product.version:
        raise StaleVersion
    wanted, added = split(changes)
    if added:
        wanted["custom"] = merged(product.custom, checked(PRODUCT, added, by=by, was=product.custom, owner=product_id))
    if "category" in wanted:
        name = wanted.pop("category")
        wanted["category_id"] = ensure_categories([name])[name] if name else None
    fact = ProductSaved(product_id=product.pk, saved_at=at, sku=product.sku)
    if _apply(product, wanted):
        product.taught_by = None
        product.version += 1
        product.changed_at, product.changed_xid = at, current_xid()
        product.save()
        record([fact], by=by)
    return fact


@operation(may="commerce.edit_branches", journal=_("Edited %(subject)s"))
def revise_branch(
    *, by: Actor, branch_id: UUID, changes: Mapping[str, Any], at: datetime, version: int | None = None
) -> BranchSaved:
    """Give fields of a branch new values: name, channel, zone, city, is_active; receipts keep their business dates."""
    branch = Branch.objects.select_for_update().filter(pk=branch_id).first()
    if branch is None:
        raise NotFound
    if version is not None and version != branch.version:
        raise StaleVersion
    if "zone" in changes:
        known_zone(changes["zone"])
    fact = BranchSaved(branch_id=branch.pk, saved_at=at, code=branch.code)
    if _apply(branch, changes):
        branch.version += 1
        branch.changed_xid = current_xid()
        branch.save()
        record([fact], by=by)
    return fact


def _apply(row: Product | Branch, changes: Mapping[str, Any]) -> bool:
    differing = {name: value for name, value in changes.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)
