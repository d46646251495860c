"""Products over the API: list, read, create, change, save many by SKU, link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from akrab.commerce.api.shapes import Currency
from akrab.commerce.operations.revising import revise_product
from akrab.commerce.operations.stocking import ProductRow as Listing
from akrab.commerce.operations.stocking import link_products, save_products
from akrab.commerce.queries.catalog import ProductRow, get_product, list_products, products_by_sku
from akrab.commerce.queries.customizing import PRODUCT
from akrab.platform.actor import Actor
from akrab.platform.api.bodies import batch
from akrab.platform.api.document import batch_of
from akrab.platform.api.lists import Cursor, Limit, listed, read_cursor
from akrab.platform.api.replies import amount, reply, wanted_version
from akrab.platform.api.shapes import BatchResult, CustomValues, Flag, Input, ItemResult, Text, batch_result, item_result
from akrab.platform.customizing.fields import PREFIX
from akrab.platform.customizing.reading import for_programs
from akrab.platform.customizing.writing import Read, lacking, merged, read_values, taken
from akrab.platform.listing.tree import read_tree
from akrab.platform.money import exponent, to_minor
from akrab.platform.refusal import Invalid, Refusal

router = Router(tags=["products"])
Price = Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=6, description="A decimal, best as a text.")]
Sku = Annotated[Text, Field(min_length=1, max_length=80)]


class ProductChange(Input):
    """The fields to change; null empties one."""

    name: Annotated[Text, Field(min_length=1, max_length=300)] = ""
    category: Annotated[Text, Field(max_length=120)] | None = None
    price: Price | None = None
    cost: Price | None = None
    is_active: Flag = True
    custom: CustomValues = {}


class ProductIn(Input):
    """A product by its SKU; without a currency it is the business's own."""

    sku: Sku
    name: Annotated[Text, Field(min_length=1, max_length=300)]
    category: Annotated[Text, Field(max_length=120)] = ""
    price: Price | None = None
    cost: Price | None = None
    currency: Currency | None = None
    custom: CustomValues = {}


class ProductLinkIn(Input):
    """What completes a product (complement) or is the step up from it (upgrade)."""

    kind: Literal["complement", "upgrade"]
    sku: Sku


class ProductLink(TypedDict):
    kind: Literal["complement", "upgrade"]
    sku: str


class Product(TypedDict):
    """Something sold; price and cost are decimal texts in `currency`."""

    id: UUID
    sku: str
    name: str
    category: str
    price: str | None
    cost: str | None
    currency: str
    is_active: bool
    changed_at: datetime
    version: int
    links: list[ProductLink]
    custom: CustomValues


class ProductPage(TypedDict):
    items: list[Product]
    next: str | None


ITEM: TypeAdapter[ProductIn] = TypeAdapter(ProductIn)


class SkuTaken(Refusal):
    code = "sku_taken"
    message = _("There is a product with the SKU %(sku)s already.")


@router.get("/products", response=ProductPage, summary="List products")
def index(
    request: Any,
    limit: Limit = 50,
    cursor: Cursor = "",
    q: Annotated[str, Field(max_length=200)] = "",
    sku: str | None = None,
    category: str | None = None,
    is_active: bool | None = None,
    where: Annotated[str, Field(max_length=3000)] = "",
) -> HttpResponse:
    """Products in a fixed order; `q` finds every word in name or SKU, `where` takes conditions such as `custom.shelf:is:A1`."""
    filters = {"sku": sku, "category": category, "is_active": is_active}
    rows, following = list_products(
        by=request.actor,
        filters={name: value for name, value in filters.items() if value is not None},
        search=q,
        after=read_cursor("products", cursor),
        limit=limit,
        tree=read_tree(where),
    )
    return reply(listed([product_out(row) for row in rows], "products", following))


@router.post("/products", response={201: Product}, summary="Create a product")
def create(request: Any, body: ProductIn) -> HttpResponse:
    """A new product; a SKU that is there already is refused (409 sku_taken)."""
    [custom] = _read([body], by=request.actor)
    errors = {
        name: sentence.translated() for name, sentence in (lacking(PRODUCT, merged({}, custom.values)) | custom.wrong).items()
    }
    if errors:
        raise Invalid(errors)
    facts = save_products(by=request.actor, products=[_listing(body, custom.values)], at=now(), only_new=True)
    if not facts:
        raise SkuTaken(sku=body.sku)
    return _answer(request.actor, facts[0].product_id, status=201)


@router.post(
    "/products:batch",
    response=BatchResult,
    summary="Create or change many products",
    openapi_extra=batch_of("ProductIn"),
)
def create_many(request: Any) -> HttpResponse:
    """Up to 1,000 products by SKU; what an item leaves out stays as it was."""
    given = batch(request, ITEM)
    good: list[Listing] = []
    read: list[ProductIn | Invalid] = []
    added = iter(_read([one for one in given if isinstance(one, ProductIn)], by=request.actor))
    for one in given:
        custom = next(added) if isinstance(one, ProductIn) else Read()
        if custom.wrong:
            read.append(Invalid({name: sentence.translated() for name, sentence in custom.wrong.items()}))
            continue
        try:
            good.append(_listing(one, custom.values)) if isinstance(one, ProductIn) else None
            read.append(one)
        except Refusal as problem:
            read.append(Invalid({"currency": str(problem)}))
    saved = {fact.sku: fact.created for fact in save_products(by=request.actor, products=good, at=now())}
    ids = products_by_sku(by=request.actor, skus=[one.sku for one in good])
    return reply(batch_result([_item(index, one, saved, ids) for index, one in enumerate(read)]))


@router.get("/products/{uuid:product_id}", response=Product, summary="Read a product")
def show(request: Any, product_id: UUID) -> HttpResponse:
    """One product; the ETag is its version."""
    return _answer(request.actor, product_id)


@router.patch("/products/{uuid:product_id}", response=Product, summary="Change a product")
def update(request: Any, product_id: UUID, body: ProductChange) -> HttpResponse:
    """Changes the fields that are sent; with If-Match only if it still has that version (else 412)."""
    changes = {name: getattr(body, name) for name in body.model_fields_set - {"custom"}}
    changes |= {PREFIX + key: value for key, value in body.custom.items()}
    if {"price", "cost"} & changes.keys():
        currency = get_product(by=request.actor, product_id=product_id).currency
        for name in {"price", "cost"} & changes.keys():
            changes[name] = None if changes[name] is None else to_minor(changes[name], currency)
    revise_product(by=request.actor, product_id=product_id, changes=changes, at=now(), version=wanted_version(request))
    return _answer(request.actor, product_id)


@router.post("/products/{uuid:product_id}/links", response={201: Product}, summary="Link a product")
def link(request: Any, product_id: UUID, body: ProductLinkIn) -> HttpResponse:
    """Says what goes with a product, or what is the step up from it."""
    product = get_product(by=request.actor, product_id=product_id)
    if body.sku == product.sku or body.sku not in products_by_sku(by=request.actor, skus=[body.sku]):
        raise Invalid({"sku": str(_("There is no other product with this SKU."))})
    link_products(by=request.actor, links=[(product.sku, body.sku, body.kind)], at=now())
    return _answer(request.actor, product_id, status=201)


def product_out(row: ProductRow) -> Product:
    price, cost = (None if minor is None else amount(minor, row.currency) for minor in (row.price, row.cost))
    links: list[Any] = [dict(zip(("kind", "sku"), one.split(":", 1), strict=True)) for one in row.links]
    return Product(
        id=row.id,
        sku=row.sku,
        name=row.name,
        category=row.category,
        price=price,
        cost=cost,
        currency=row.currency,
        is_active=row.is_active,
        changed_at=row.changed_at,
        version=row.version,
        links=links,
        custom=for_programs(PRODUCT, row.custom, {}),
    )


def _read(given: list[ProductIn], *, by: Actor) -> list[Read]:
    """What was said of custom fields, in sets."""
    read = read_values(PRODUCT, [{PREFIX + key: value for key, value in one.custom.items()} for one in given], by=by)
    ids = products_by_sku(by=by, skus=[one.sku for one in given])
    rows = [(ids.get(one.sku), values.values) for one, values in zip(given, read, strict=True)]
    for values, errors in zip(read, taken(PRODUCT, rows), strict=True):
        values.wrong |= errors
    return read


def _listing(given: ProductIn, custom: Mapping[str, Any]) -> Listing:
    currency = given.currency or settings.CURRENCY
    exponent(currency)
    price, cost = (None if one is None else to_minor(one, currency) for one in (given.price, given.cost))
    return Listing(given.sku, given.name, currency, given.category, price, cost, custom)


def _answer(by: Actor, product_id: UUID, *, status: int = 200) -> HttpResponse:
    row = get_product(by=by, product_id=product_id)
    location = f"/api/v1/products/{row.id}" if status == 201 else ""
    return reply(product_out(row), status=status, version=row.version, location=location)


def _item(index: int, given: ProductIn | Invalid, saved: dict[str, bool], ids: dict[str, UUID]) -> ItemResult:
    if isinstance(given, Invalid):
        return item_result(index, "error", reason=str(given), errors=given.errors)
    created = saved.get(given.sku)
    status = "unchanged" if created is None else "created" if created else "updated"
    return item_result(index, status, about=ids.get(given.sku))
