"""Products and categories as people look through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count as SqlCount
from django.db.models import Q, QuerySet

from akrab.commerce.models import Branch, Category, Product, ProductLink
from akrab.commerce.queries.customizing import PRODUCT
from akrab.platform.actor import Actor
from akrab.platform.customizing.fields import custom_fields
from akrab.platform.customizing.listing import with_computed
from akrab.platform.operation import require
from akrab.platform.paging import Key, Order, Page, paginate
from akrab.platform.refusal import NotFound

BY_NAME = Order((Key("name"),))


@dataclass(frozen=True, slots=True)
class ProductSheet:
    """A product, what it leads to, and what leads to it."""

    product: Product
    links: Sequence[ProductLink]
    linked_from: Sequence[ProductLink]


def shelved_products(
    *, by: Actor, words: str = "", category: UUID | None = None, active: bool | None = None, cursor: str = ""
) -> Page[Product]:
    """Products by name; words may be a part of the name, or the beginning of the SKU."""
    require(by, "commerce.view_products")
    rows = _worded(words).select_related("category")
    if category:
        rows = rows.filter(Q(category=category) | Q(category__parent=category))
    if active is not None:
        rows = rows.filter(is_active=active)
    return paginate(rows, order=BY_NAME, cursor=cursor)


def find_products(*, by: Actor, words: str, limit: int = 5) -> list[Product]:
    """The first products of a few words, those on sale before the others."""
    require(by, "commerce.view_products")
    return list(_worded(words).order_by("-is_active", "name", "pk")[:limit])


def get_sheet(*, by: Actor, product_id: UUID) -> ProductSheet:
    """One product with its links."""
    require(by, "commerce.view_products")
    rows = with_computed(Product._default_manager.select_related("category"), custom_fields(PRODUCT))
    product = rows.filter(pk=product_id).first()
    if product is None:
        raise NotFound
    return ProductSheet(
        product,
        list(product.links.select_related("other").order_by("kind", "other__name", "pk")),
        list(product.linked_from.select_related("product").order_by("kind", "product__name", "pk")),
    )


def all_categories(*, by: Actor) -> list[Category]:
    """Categories by name, each with its number of products."""
    require(by, "commerce.view_products")
    rows = Category._default_manager.select_related("parent").annotate(size=SqlCount("products"))
    return list(rows.order_by("name", "pk"))


def all_branches(*, by: Actor) -> list[Branch]:
    """Branches by name."""
    require(by, "commerce.view_branches")
    return list(Branch._default_manager.order_by("name", "pk"))


def get_place(*, by: Actor, branch_id: UUID) -> Branch:
    """One branch."""
    require(by, "commerce.view_branches")
    found = Branch._default_manager.filter(pk=branch_id).first()
    if found is None:
        raise NotFound
    return found


def _worded(words: str) -> QuerySet[Product, Product]:
    rows = Product._default_manager.all()
    for word in words.split()[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(sku__istartswith=word))
    return rows
