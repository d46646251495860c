"""Products: the shelf, one product with what goes with it, and the form for a new one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akrab.commerce.forms import LinkForm, NewProductForm, ProductForm
from akrab.commerce.operations.arranging import link_product, unlink_product
from akrab.commerce.operations.revising import revise_product
from akrab.commerce.operations.stocking import ProductRow, save_products
from akrab.commerce.queries.catalog import products_by_sku
from akrab.commerce.queries.customizing import PRODUCT
from akrab.commerce.queries.selling import product_weeks
from akrab.commerce.queries.shelves import ProductSheet, all_categories, get_sheet, shelved_products
from akrab.platform import money
from akrab.platform.actor import Actor
from akrab.platform.customizing.fields import stored_fields
from akrab.platform.customizing.showing import shown_groups
from akrab.platform.customizing.widgets import form_fields, initial
from akrab.platform.customizing.writing import checked
from akrab.platform.operation import require
from akrab.platform.refusal import Forbidden, Invalid, NotFound, Refusal
from akrab.platform.web import Request, fragment, is_partial, page, redirect, toast

EDIT = "commerce.edit_products"
SALES = [("", gettext_lazy("All products")), ("on", gettext_lazy("On sale")), ("off", gettext_lazy("Not on sale"))]


def index(request: Request) -> HttpResponse:
    words, category = request.GET.get("q", "").strip()[:100], _uuid(request.GET.get("category", ""))
    shown = request.GET.get("shown", "")
    found = shelved_products(
        by=request.actor,
        words=words,
        category=category,
        active={"on": True, "off": False}.get(shown),
        cursor=request.GET.get("cursor", ""),
    )
    categories = all_categories(by=request.actor)
    given = QueryDict(mutable=True)
    given.update({name: str(value) for name, value in {"q": words, "category": category, "shown": shown}.items() if value})
    results = {
        "page": found,
        "next": _address(given, found.next),
        "previous": _address(given, found.previous),
        "is_filtered": bool(given),
        "may_edit": request.actor.may(EDIT),
    }
    response = page(
        request,
        "commerce/products.html",
        part="commerce.products",
        results=results,
        words=words,
        shown=shown,
        category=str(category or ""),
        sales=SALES,
        categories=[("", _("All categories")), *((str(one.pk), one.name) for one in categories)],
    )
    if is_partial(request):
        response["HX-Replace-Url"] = reverse("commerce:products") + (f"?{given.urlencode()}" if given else "")
    return response


def new(request: Request) -> HttpResponse:
    require(request.actor, EDIT)
    return page(request, "commerce/product_new.html", form=_new(request))


def create(request: Request) -> HttpResponse:
    form = _new(request, request.POST)
    if form.is_valid() and (custom := _custom(form, by=request.actor)) is not None:
        clean = form.cleaned_data
        row = ProductRow(
            sku=clean["sku"].strip(),
            name=clean["name"],
            currency=clean["currency"],
            category=clean["category"],
            price=form.minor("price"),
            cost=form.minor("cost"),
            custom=custom,
        )
        made = save_products(by=request.actor, products=[row], at=now(), only_new=True)
        if made:
            toast(request, _("The product is on the shelf."), undo=True)
            return redirect(request, "commerce:product", made[0].product_id)
        form.add_error("sku", _("There is already a product with this SKU."))
    return page(request, "commerce/product_new.html", status=422, form=form)


def show(request: Request, product_id: UUID) -> HttpResponse:
    return _page(request, get_sheet(by=request.actor, product_id=product_id))


def update(request: Request, product_id: UUID) -> HttpResponse:
    product = get_sheet(by=request.actor, product_id=product_id).product
    form = ProductForm(
        request.POST,
        categories=all_categories(by=request.actor),
        custom=form_fields(PRODUCT, by=request.actor, values=product.custom),
    )
    if form.is_valid():
        clean = form.cleaned_data
        changes: dict[str, Any] = {name: clean[name] for name in form.added}
        changes |= {name: clean[name] for name in ("name", "category", "currency", "is_active")}
        changes |= {name: form.minor(name) for name in ("price", "cost")}
        try:
            revise_product(by=request.actor, product_id=product_id, changes=changes, version=clean["version"], at=now())
        except (Forbidden, NotFound):
            raise
        except Invalid as refusal:
            for name, reason in refusal.errors.items():
                form.add_error(name if name in form.fields else None, reason)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."), undo=True)
            return redirect(request, "commerce:product", product_id)
    return _page(request, get_sheet(by=request.actor, product_id=product_id), form=form, status=422)


def link(request: Request, product_id: UUID) -> HttpResponse:
    form = LinkForm(request.POST)
    if form.is_valid():
        sku = form.cleaned_data["other"].strip()
        other = products_by_sku(by=request.actor, skus=[sku]).get(sku)
        try:
            if other is None:
                form.add_error("other", _("There is no product with this SKU."))
            else:
                link_product(by=request.actor, product_id=product_id, other_id=other, kind=form.cleaned_data["kind"], at=now())
                toast(request, _("Linked."), undo=True)
                return redirect(request, "commerce:product", product_id)
        except (Forbidden, NotFound):
            raise
        except Refusal as refusal:
            form.add_error("other", str(refusal))
    return _page(request, get_sheet(by=request.actor, product_id=product_id), link_form=form, status=422)


def unlink(request: Request, product_id: UUID, link_id: int) -> HttpResponse:
    unlink_product(by=request.actor, product_id=product_id, link_id=link_id, at=now())
    toast(request, _("The link is gone."), undo=True)
    return redirect(request, "commerce:product", product_id)


def sales(request: Request, product_id: UUID) -> HttpResponse:
    """What the product sold lately, loaded after its page."""
    weeks = product_weeks(by=request.actor, product_id=product_id, until=localdate())
    return fragment(request, "commerce.product-sales", weeks=weeks, product_id=product_id)


def _page(
    request: Request,
    sheet: ProductSheet,
    *,
    form: ProductForm | None = None,
    link_form: LinkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    product = sheet.product
    may_edit = request.actor.may(EDIT)
    if form is None and may_edit:
        form = ProductForm(
            initial=_values(sheet),
            categories=all_categories(by=request.actor),
            custom=form_fields(PRODUCT, by=request.actor, values=product.custom),
        )
    return page(
        request,
        "commerce/product.html",
        status=status,
        sheet=sheet,
        product=product,
        custom=shown_groups(PRODUCT, product, by=request.actor),
        form=form,
        link_form=link_form or LinkForm(),
        may_edit=may_edit,
    )


def _values(sheet: ProductSheet) -> dict[str, Any]:
    product = sheet.product
    amounts = {
        name: None if minor is None else _plain(money.to_decimal(minor, product.currency))
        for name, minor in (("price", product.price), ("cost", product.cost))
    }
    return {
        "name": product.name,
        "category": product.category.name if product.category else "",
        "currency": product.currency,
        "is_active": product.is_active,
        "version": product.version,
        **amounts,
        **{one.name: initial(one, product.custom.get(one.key)) for one in stored_fields(PRODUCT)},
    }


def _new(request: Request, data: QueryDict | None = None) -> NewProductForm:
    added = {one.name: initial(one, one.default) for one in stored_fields(PRODUCT)}
    return NewProductForm(
        data,
        initial=added,
        categories=all_categories(by=request.actor),
        custom=form_fields(PRODUCT, by=request.actor, values={}),
    )


def _custom(form: NewProductForm, *, by: Actor) -> dict[str, Any] | None:
    """The kept form of what was filled in; None when the form cannot be taken."""
    try:
        return checked(PRODUCT, {name: form.cleaned_data[name] for name in form.added}, by=by, was={})
    except Invalid as refusal:
        for name, reason in refusal.errors.items():
            form.add_error(name if name in form.fields else None, reason)
        return None


def _plain(amount: Decimal) -> str:
    """An amount for a form field: without decimals when it has none."""
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:f}"


def _address(given: QueryDict, cursor: str) -> str:
    if not cursor:
        return ""
    address = given.copy()
    address["cursor"] = cursor
    return f"{reverse('commerce:products')}?{address.urlencode()}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
