"""Categories, and what goes with a product or steps up from it."""

from __future__ import annotations

from uuid import UUID

import pytest

from akrab.commerce.models import Category, Product, ProductLink
from akrab.commerce.operations.arranging import (
    GoesInCircles,
    NameTaken,
    link_product,
    save_category,
    unlink_product,
)
from akrab.commerce.operations.stocking import ProductRow, save_products
from akrab.platform.refusal import Forbidden, Invalid, NotFound
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db
ANN = make_actor("manager")
NOTHING = UUID(int=7)


def make_category(name: str = "Kopi", parent: UUID | None = None) -> UUID:
    return save_category(by=ANN, name=name, at=NOON, parent_id=parent).category_id


def make_products(*skus: str) -> list[UUID]:
    rows = [ProductRow(sku=sku, name=sku.title(), currency="IDR") for sku in skus]
    return [fact.product_id for fact in save_products(by=ANN, products=rows, at=NOON)]


def test_a_category_is_added_renamed_and_moved() -> None:
    drinks, coffee = make_category("Minuman"), make_category("Kopi")

    save_category(by=ANN, name="Kopi panas", at=NOON, category_id=coffee, parent_id=drinks)

    stored = Category.objects.get(pk=coffee)
    assert (stored.name, stored.parent_id) == ("Kopi panas", drinks)
    assert facts_recorded() == ["commerce.category_saved"] * 3


@pytest.mark.parametrize(("name", "refusal"), [("  ", Invalid), ("Kopi", NameTaken)])
def test_a_category_needs_a_name_of_its_own(name: str, refusal: type[Exception]) -> None:
    make_category("Kopi")

    with pytest.raises(refusal):
        save_category(by=ANN, name=name, at=NOON)

    assert (Category.objects.count(), facts_recorded()) == (1, ["commerce.category_saved"])


def test_a_category_cannot_move_into_itself() -> None:
    outer = make_category("Minuman")
    inner = make_category("Kopi", parent=outer)

    with pytest.raises(Invalid):
        save_category(by=ANN, name="Minuman", at=NOON, category_id=outer, parent_id=inner)

    assert Category.objects.get(pk=outer).parent_id is None


def test_a_link_is_made_once_and_taken_away() -> None:
    beans, grinder = make_products("BIJI", "GILING")
    for _again in range(2):
        link_product(by=ANN, product_id=beans, other_id=grinder, kind="complement", at=NOON)

    link = ProductLink.objects.get()
    unlink_product(by=ANN, product_id=beans, link_id=link.pk, at=NOON)

    assert (link.product_id, link.other_id, ProductLink.objects.count()) == (beans, grinder, 0)


def test_a_product_cannot_go_with_itself_or_with_what_is_not_there() -> None:
    (beans,) = make_products("BIJI")
    before = facts_recorded()

    with pytest.raises(GoesInCircles):
        link_product(by=ANN, product_id=beans, other_id=beans, kind="complement", at=NOON)
    with pytest.raises(NotFound):
        link_product(by=ANN, product_id=beans, other_id=NOTHING, kind="complement", at=NOON)
    with pytest.raises(NotFound):
        unlink_product(by=ANN, product_id=beans, link_id=1, at=NOON)

    assert (ProductLink.objects.count(), facts_recorded()) == (0, before)


def test_only_who_may_edit_products_arranges_them() -> None:
    (beans,) = make_products("BIJI")

    with pytest.raises(Forbidden):
        save_category(by=make_actor("staff"), name="Kopi", at=NOON)
    with pytest.raises(Forbidden):
        link_product(by=make_actor("analyst"), product_id=beans, other_id=beans, kind="complement", at=NOON)

    assert (Category.objects.count(), Product.objects.count()) == (0, 1)
