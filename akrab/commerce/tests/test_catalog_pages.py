"""The pages of products, categories and branches: what they show, change and refuse."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from akrab.commerce.models import Branch, Category, Product, ProductLink
from akrab.commerce.operations.opening import open_branches
from akrab.commerce.operations.stocking import ProductRow, save_products
from akrab.commerce.tests.factories import make_line, make_message, take
from akrab.customers.tests.factories import sign_in
from akrab.platform.actor import SYSTEM
from akrab.platform.tests.factories import NOON, facts_recorded

pytestmark = pytest.mark.django_db
PRODUCTS, CATEGORIES, BRANCHES = "/commerce/products/", "/commerce/categories/", "/commerce/branches/"
NASTY = "<img src=x onerror=alert(1)>"


@pytest.fixture
def ann(client: Client) -> Client:
    """A browser in which a manager is signed in."""
    sign_in(client, "manager")
    return client


def make_product(sku: str = "KOPI", **what_matters: Any) -> Product:
    values = {"name": "Kopi susu", "currency": "IDR", "price": 2_500_000, "cost": 1_000_000, **what_matters}
    save_products(by=SYSTEM, products=[ProductRow(sku=sku, **values)], at=NOON)
    return Product.objects.get(sku=sku)


def make_branch(code: str = "SUDIRMAN") -> Branch:
    open_branches(by=SYSTEM, codes=[code], at=NOON, zone="Asia/Jakarta")
    return Branch.objects.get(code=code)


def text(client: Client, address: str, *given: Any) -> str:
    response = client.get(address, *given)
    assert response.status_code == 200
    return response.content.decode()


def form_of(product: Product, **changed: Any) -> dict[str, Any]:
    """What the product form sends: every field as it was shown, but for the changed ones."""
    shown = {"name": product.name, "category": "", "price": "25000", "cost": "10000", "currency": "IDR", "is_active": "on"}
    return {**shown, "version": product.version, **changed}


def test_the_shelf_finds_products_by_words_category_and_whether_they_are_on_sale(ann: Client) -> None:
    make_product("K-1", name="Kopi susu", category="Minuman")
    make_product("T-1", name="Teh tarik")
    Product.objects.filter(sku="T-1").update(is_active=False)
    drinks = Category.objects.get().pk

    assert "Teh tarik" not in text(ann, PRODUCTS, {"q": "kop sus"})
    assert "Teh tarik" not in text(ann, PRODUCTS, {"category": str(drinks)})
    assert "Kopi susu" not in text(ann, PRODUCTS, {"shown": "off"})
    assert "No product matches" in text(ann, PRODUCTS, {"q": "roti"})
    assert "60%" in text(ann, PRODUCTS, {"shown": "on"})


def test_the_shelf_needs_few_queries_however_many_products(ann: Client) -> None:
    for number in range(30):
        make_product(f"P-{number}", category=f"Kind {number % 5}")

    with CaptureQueriesContext(connection) as captured:
        text(ann, PRODUCTS)

    assert len(captured) <= 5


def test_a_product_shows_price_cost_margin_and_what_it_sold(ann: Client) -> None:
    product = make_product()
    take(make_message("1", occurred_at=now(), lines=(make_line(quantity=3),)), at=now())

    body, sales = text(ann, f"{PRODUCTS}{product.pk}/"), text(ann, f"{PRODUCTS}{product.pk}/sales/")

    assert [words in body for words in ("Rp\u00a025,000", "Rp\u00a010,000", "60.0%")] == [True] * 3
    assert "Rp\u00a075,000" in sales
    assert f"status=counted&amp;product={product.pk}" in sales
    assert "Nothing sold" in text(ann, f"{PRODUCTS}{make_product('T-1').pk}/sales/")


def test_a_link_that_was_removed_comes_back_by_the_undo_of_its_toast(ann: Client) -> None:
    beans, grinder = make_product("BIJI"), make_product("GILING")
    ann.post(f"{PRODUCTS}{beans.pk}/links/", {"kind": "complement", "other": "GILING"})
    link = ProductLink.objects.get()
    ann.get(PRODUCTS)

    removed = ann.post(f"{PRODUCTS}{beans.pk}/links/{link.pk}/", {"_method": "delete"}, follow=True)

    body = removed.content.decode()
    assert ("The link is gone." in body, ProductLink.objects.count()) == (True, 0)
    ann.post(re.findall(r'action="(/changes/[^"]+/undo/)"', body)[-1])
    assert ProductLink.objects.values_list("product_id", "other_id", "kind").get() == (beans.pk, grinder.pk, "complement")


def test_a_new_product_gets_on_the_shelf_once(ann: Client) -> None:
    given = {"sku": "K-1", "name": "Kopi", "price": "18000", "currency": "idr", "category": ""}

    made = ann.post(PRODUCTS, given)
    again = ann.post(PRODUCTS, {**given, "name": "Other"})

    product = Product.objects.get()
    assert (product.name, product.price, product.cost, product.currency) == ("Kopi", 1_800_000, None, "IDR")
    assert (made["Location"], again.status_code) == (f"{PRODUCTS}{product.pk}/", 422)
    assert "already a product with this SKU" in again.content.decode()


def test_an_edit_changes_what_it_names(ann: Client) -> None:
    product = make_product()

    response = ann.post(f"{PRODUCTS}{product.pk}/", form_of(product, price="27500.50"))

    product.refresh_from_db()
    assert (response.status_code, product.price, product.version) == (303, 2_750_050, 2)


def test_an_edit_of_an_older_version_is_refused_and_changes_nothing(ann: Client) -> None:
    product = make_product()
    ann.post(f"{PRODUCTS}{product.pk}/", form_of(product, name="First"))
    before = facts_recorded()

    response = ann.post(f"{PRODUCTS}{product.pk}/", form_of(product, name="Second"))

    product.refresh_from_db()
    assert (response.status_code, product.name, facts_recorded()) == (422, "First", before)
    assert "has changed since it was read" in response.content.decode()


@pytest.mark.parametrize("changed", [{"currency": "XXZ"}, {"cost": "-1"}, {"price": "much"}, {"name": ""}])
def test_an_edit_that_cannot_be_read_comes_back_as_it_was_typed(ann: Client, changed: dict[str, str]) -> None:
    product = make_product()

    response = ann.post(f"{PRODUCTS}{product.pk}/", form_of(product, **changed))

    product.refresh_from_db()
    assert (response.status_code, product.version) == (422, 1)


def test_products_are_linked_by_sku(ann: Client) -> None:
    beans, grinder = make_product("BIJI"), make_product("GILING", name="Gilingan")

    ann.post(f"{PRODUCTS}{beans.pk}/links/", {"kind": "complement", "other": "GILING"})
    body = text(ann, f"{PRODUCTS}{beans.pk}/")
    unknown = ann.post(f"{PRODUCTS}{beans.pk}/links/", {"kind": "upgrade", "other": "NOPE"})
    itself = ann.post(f"{PRODUCTS}{beans.pk}/links/", {"kind": "upgrade", "other": "BIJI"})
    ann.post(f"{PRODUCTS}{beans.pk}/links/{ProductLink.objects.get().pk}/", {"_method": "delete"})

    assert f"{PRODUCTS}{grinder.pk}/" in body
    assert (unknown.status_code, itself.status_code, ProductLink.objects.count()) == (422, 422, 0)


def test_a_product_name_is_text_not_markup(ann: Client) -> None:
    product = make_product(name=NASTY, category=NASTY)
    pages = [PRODUCTS, f"{PRODUCTS}{product.pk}/", CATEGORIES, f"{CATEGORIES}{product.category_id}/", "/commerce/palette/?q=img"]

    assert [NASTY in text(ann, address) for address in pages] == [False] * 5
    assert "&lt;img src=x" in text(ann, f"{PRODUCTS}{product.pk}/")


def test_categories_are_added_renamed_and_refused(ann: Client) -> None:
    added = ann.post(CATEGORIES, {"name": "Kopi", "parent": ""})
    coffee = Category.objects.get()
    taken = ann.post(CATEGORIES, {"name": "Kopi", "parent": ""})
    circle = ann.post(f"{CATEGORIES}{coffee.pk}/", {"name": "Kopi", "parent": str(coffee.pk)})
    ann.post(f"{CATEGORIES}{coffee.pk}/", {"name": "Kopi panas", "parent": ""})

    coffee.refresh_from_db()
    assert [one.status_code for one in (added, taken, circle)] == [303, 422, 422]
    assert "already a “Kopi”" in taken.content.decode()
    assert (coffee.name, coffee.parent_id) == ("Kopi panas", None)


def test_branches_are_opened_and_changed(ann: Client) -> None:
    given = {"name": "Losari", "channel": "store", "zone": "Asia/Makassar", "city": "Makassar"}

    ann.post(BRANCHES, {**given, "code": "MKS"})
    branch = Branch.objects.get()
    again = ann.post(BRANCHES, {**given, "code": "MKS"})
    ann.post(f"{BRANCHES}{branch.pk}/", {**given, "city": "Gowa", "version": "1"})
    stale = ann.post(f"{BRANCHES}{branch.pk}/", {**given, "city": "Bone", "version": "1"})

    branch.refresh_from_db()
    assert (branch.zone, branch.city, branch.is_active, branch.version) == ("Asia/Makassar", "Gowa", False, 2)
    assert (again.status_code, stale.status_code) == (422, 422)
    assert "MKS" in text(ann, BRANCHES)


@pytest.mark.parametrize("role", ["staff", "analyst", "readonly"])
def test_only_managers_change_the_catalog(client: Client, role: str) -> None:
    product, branch = make_product(), make_branch()
    sign_in(client, role)

    refused = [
        client.get(f"{PRODUCTS}new/"),
        client.post(PRODUCTS, {"sku": "X", "name": "X", "currency": "IDR", "category": ""}),
        client.post(f"{PRODUCTS}{product.pk}/", form_of(product, name="Mine")),
        client.post(f"{PRODUCTS}{product.pk}/links/", {"kind": "upgrade", "other": product.sku}),
        client.post(CATEGORIES, {"name": "Mine", "parent": ""}),
        client.get(f"{BRANCHES}new/"),
        client.post(BRANCHES, {"code": "X", "name": "X", "channel": "store", "zone": "UTC"}),
        client.post(f"{BRANCHES}{branch.pk}/", {"name": "X", "channel": "store", "zone": "UTC", "version": "1"}),
    ]
    shown = [text(client, address) for address in (PRODUCTS, f"{PRODUCTS}{product.pk}/", CATEGORIES, BRANCHES)]

    assert [one.status_code for one in refused] == [403] * 8
    assert (Product.objects.count(), Branch.objects.count(), Category.objects.count()) == (1, 1, 0)
    assert [">Save<" in body or ">New product<" in body for body in shown] == [False] * 4
