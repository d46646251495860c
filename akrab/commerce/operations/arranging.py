"""Arranging the catalog by hand: categories, and what goes with a product or steps up from it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.commerce.facts import CategorySaved, ProductSaved
from akrab.commerce.models import Category, Product, ProductLink
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, NotFound, Refusal


class NameTaken(Refusal):
    code = "name_taken"
    message = _("There is already a “%(name)s”.")


class GoesInCircles(Refusal):
    code = "goes_in_circles"
    status = 422
    message = _("A product cannot be linked to itself.")


@operation(may="commerce.edit_products", journal=_("Saved the category %(subject)s"))
def save_category(
    *, by: Actor, name: str, at: datetime, category_id: UUID | None = None, parent_id: UUID | None = None
) -> CategorySaved:
    """Add a category, or rename and move one."""
    title = name.strip()
    if not title:
        raise Invalid({"name": str(_("A category needs a name."))})
    if category_id is not None and parent_id is not None and _is_inside(parent_id, category_id):
        raise Invalid({"parent": str(_("A category cannot be inside itself."))})
    if fetch("SELECT 1 FROM commerce_category WHERE name = %s AND id IS DISTINCT FROM %s", [title, category_id]):
        raise NameTaken(name=title)
    if category_id is not None and not Category._default_manager.select_for_update().filter(pk=category_id).exists():
        raise NotFound
    category = Category(pk=category_id or new_id(), name=title, parent_id=parent_id)
    category.save(force_insert=category_id is None, force_update=category_id is not None)
    fact = CategorySaved(category_id=category.pk, saved_at=at, name=title, created=category_id is None)
    record([fact], by=by)
    return fact


@operation(may="commerce.edit_products", journal=_("Linked %(subject)s to another product"))
def link_product(*, by: Actor, product_id: UUID, other_id: UUID, kind: str, at: datetime) -> ProductSaved:
    """Say that a product goes with another, or that another is the step up from it."""
    if product_id == other_id:
        raise GoesInCircles
    product = Product._default_manager.filter(pk=product_id).first()
    if product is None or not Product._default_manager.filter(pk=other_id).exists():
        raise NotFound
    ProductLink._default_manager.get_or_create(product=product, other_id=other_id, kind=kind)
    return _saved(product, by=by, at=at)


@operation(may="commerce.edit_products", journal=_("Ended a link of %(subject)s"))
def unlink_product(*, by: Actor, product_id: UUID, link_id: int, at: datetime) -> ProductSaved:
    """Take a link of a product away."""
    product = Product._default_manager.filter(pk=product_id).first()
    if product is None or not product.links.filter(pk=link_id).delete()[0]:
        raise NotFound
    return _saved(product, by=by, at=at)


def _saved(product: Product, *, by: Actor, at: datetime) -> ProductSaved:
    fact = ProductSaved(product_id=product.pk, saved_at=at, sku=product.sku)
    record([fact], by=by)
    return fact


def _is_inside(one: UUID, other: UUID) -> bool:
    """Whether a category is another one or lies somewhere inside it."""
    rows = fetch(
        "WITH RECURSIVE up AS (SELECT id, parent_id FROM commerce_category WHERE id = %s UNION "
        "SELECT c.id, c.parent_id FROM commerce_category c JOIN up ON c.id = up.parent_id) "
        "SELECT 1 FROM up WHERE id = %s",
        [one, other],
    )
    return bool(rows)
