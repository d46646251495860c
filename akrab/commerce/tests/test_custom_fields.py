"""Custom fields of products: on their pages, in files and over the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from akrab.commerce.models import Product
from akrab.commerce.operations.revising import revise_product
from akrab.commerce.operations.stocking import ProductRow, save_products
from akrab.customers.tests.factories import sign_in
from akrab.platform.customizing.fields import Custom, custom_field
from akrab.platform.importing.running import result_of, run_import
from akrab.platform.models import JournalEntry
from akrab.platform.operations.custom_fields import ChoiceWords, FieldWords, define_field
from akrab.platform.operations.imports import note_import
from akrab.platform.operations.undoing import undo_entry
from akrab.platform.refusal import Invalid
from akrab.platform.tests.factories import NOON, make_actor
from akrab.platform.tests.programs import make_program

pytestmark = pytest.mark.django_db
ANN = make_actor()
PRODUCT = "commerce.product"


def define(title: str, kind: str = "text", **more: Any) -> Custom:
    words = FieldWords(title_en=title, type=kind, **more)
    fact = define_field(by=ANN, object=PRODUCT, words=words, at=NOON)
    found = custom_field(PRODUCT, f"custom.{fact.key}")
    assert found is not None
    return found


@pytest.fixture
def tea() -> Product:
    define("Shelf")
    define("Roast", "choice", choices=[ChoiceWords("Dark", "Gelap"), ChoiceWords("Light", "Terang")])
    save_products(by=ANN, products=[ProductRow("TEA", "Tea", "IDR", price=25_000_00)], at=NOON)
    return Product._default_manager.get(sku="TEA")


def kept() -> dict[str, Any]:
    return {one.sku: one.custom for one in Product._default_manager.all()}


def test_a_product_is_revised_and_the_undo_takes_back_the_field(tea: Product) -> None:
    revise_product(by=ANN, product_id=tea.pk, changes={"custom.shelf": "A1", "custom.roast": "Gelap"}, at=NOON)
    entry = JournalEntry.objects.latest("id")
    revise_product(by=ANN, product_id=tea.pk, changes={"custom.shelf": "B2"}, at=NOON)

    with pytest.raises(Invalid):
        revise_product(by=ANN, product_id=tea.pk, changes={"custom.roast": "Burnt", "name": "Ash"}, at=NOON)
    assert kept() == {"TEA": {"shelf": "B2", "roast": "dark"}}
    undo_entry(by=ANN, entry_id=entry.pk, at=NOON)

    assert kept() == {"TEA": {"shelf": "B2"}}


def test_a_file_of_products_fills_custom_fields(tea: Product, tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text("SKU,Name,Shelf,Roast\nTEA,Tea,A1,dark\nCOF,Coffee,,Terang\nASH,Ash,C3,burnt\n")

    result = result_of(run_import(note_import(by=ANN, kind="products", path=path), by=ANN))

    assert (result["created"], result["updated"], result["errors"]) == (1, 1, 1)
    assert kept() == {"TEA": {"shelf": "A1", "roast": "dark"}, "COF": {"roast": "light"}}
    again = result_of(run_import(note_import(by=ANN, kind="products", path=path, mode="update"), by=ANN))
    assert (again["unchanged"], again["updated"]) == (2, 0)


def test_products_are_written_read_and_filtered_over_the_api(tea: Product) -> None:
    program = make_program()

    made = program.sends("/products", {"sku": "COF", "name": "Coffee", "custom": {"roast": "Light", "shelf": "A1"}})
    items = [{"sku": "TEA", "name": "Tea", "custom": {"shelf": "A1"}}, {"sku": "ASH", "name": "Ash", "custom": {"roast": "x"}}]
    batch = program.sends("/products:batch", {"items": items})
    changed = program.ask("PATCH", f"/products/{made['id']}", {"custom": {"shelf": None}}).json()

    assert made["custom"] == {"roast": "light", "shelf": "A1"}
    assert [one["status"] for one in batch["results"]] == ["updated", "error"]
    assert changed["custom"] == {"roast": "light", "shelf": None}
    found = program.reads("/products?where=custom.shelf:is:a1")["items"]
    assert [one["sku"] for one in found] == ["TEA"]


def test_the_page_of_a_product_shows_and_saves_them(client: Client, tea: Product) -> None:
    sign_in(client, "manager")
    define("Margin", "formula", formula="price - coalesce(cost, price / 2)")
    given = {"name": "Tea", "currency": "IDR", "price": "25000", "is_active": "on", "version": "1", "custom.roast": "light"}

    assert client.post(f"/commerce/products/{tea.pk}/", given).status_code == 303

    shown = client.get(f"/commerce/products/{tea.pk}/").content.decode()
    assert [word for word in ("Roast", "Light", "Rp\xa012,500") if word not in shown] == []
    assert kept() == {"TEA": {"roast": "light"}}


def test_a_new_product_has_defaults_and_needs_what_is_required(tea: Product) -> None:
    define("Supplier", is_required=True)
    define("Unit", default="piece")
    program = make_program()

    refused = program.ask("POST", "/products", {"sku": "COF", "name": "Coffee"})
    program.sends("/products", {"sku": "COF", "name": "Coffee", "custom": {"supplier": "Kebun"}})

    assert [one["field"] for one in refused.json()["errors"]] == ["custom.supplier"]
    assert kept()["COF"] == {"supplier": "Kebun", "unit": "piece"}
