"""Products learn what they are from receipts: the earliest line counts, until people say it themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from akrab.commerce.models import Product
from akrab.commerce.operations.revising import revise_product
from akrab.commerce.operations.stocking import ProductRow, save_products
from akrab.commerce.queries.messages import ReceiptMessage
from akrab.commerce.tests.factories import make_line, make_message, take
from akrab.platform.actor import SYSTEM
from akrab.platform.tests.factories import NOON, facts_recorded

pytestmark = pytest.mark.django_db


def sold(number: str, hour: int, name: str, price: int = 25_000, category: str = "", **more: Any) -> ReceiptMessage:
    line = make_line(name=name, unit_price=price, category=category)
    return make_message(number, lines=(line,), occurred_at=datetime(2026, 3, 10, hour), **more)


def known() -> tuple[str, int | None, str | None, int]:
    product = Product.objects.select_related("category").get()
    return product.name, product.price, product.category.name if product.category else None, product.version


@pytest.mark.parametrize("in_one_batch", [True, False])
def test_an_earlier_receipt_that_arrives_later_says_what_a_product_is(in_one_batch: bool) -> None:
    late, early = sold("2", 12, "Kopi botol", 27_000, "Botol"), sold("1", 9, "Kopi susu", 25_000, "Minuman")

    for batch in [[late, early]] if in_one_batch else [[late], [early]]:
        take(*batch)

    assert known() == ("Kopi susu", 2_500_000, "Minuman", 1 if in_one_batch else 2)
    assert facts_recorded("commerce.product") == ["commerce.product_saved"] * (1 if in_one_batch else 2)


def test_a_later_receipt_and_one_that_says_the_same_change_nothing_to_see() -> None:
    take(sold("2", 12, "Kopi susu"))

    take(sold("3", 15, "Kopi lain"))
    take(sold("1", 9, "Kopi susu"))
    take(sold("4", 10, "Kopi lain"))

    assert known() == ("Kopi susu", 2_500_000, None, 1)
    assert facts_recorded("commerce.product") == ["commerce.product_saved"]


def test_a_line_with_a_name_teaches_before_one_without() -> None:
    take(sold("1", 9, ""))

    take(sold("2", 12, "Kopi susu"))
    take(sold("3", 8, ""))

    assert known() == ("Kopi susu", 2_500_000, None, 2)


def test_a_corrected_receipt_teaches_again_what_it_taught() -> None:
    take(sold("1", 9, "Kopi susu"), sold("2", 12, "Kopi botol"))

    take(sold("1", 9, "Kopi susu besar", revision=1))

    assert known() == ("Kopi susu besar", 2_500_000, None, 2)


def test_what_people_said_of_a_product_is_not_taught_again() -> None:
    take(sold("2", 12, "Kopi botol"))
    revise_product(by=SYSTEM, product_id=Product.objects.get().pk, changes={"name": "Kopi Akrab"}, at=NOON)

    take(sold("1", 9, "Kopi susu"))

    assert known() == ("Kopi Akrab", 2_500_000, None, 2)


@pytest.mark.parametrize("name", ["Kopi Akrab", "Kopi botol"])
def test_what_a_catalog_said_of_a_product_is_not_taught_again(name: str) -> None:
    take(sold("2", 12, "Kopi botol"))
    save_products(by=SYSTEM, products=[ProductRow("KOPI", name, "IDR")], at=NOON)
    before = known()

    take(sold("1", 9, "Kopi susu"))

    assert known() == before
    assert before[0] == name


def test_a_product_that_was_there_before_its_receipts_stays_as_it_was() -> None:
    save_products(by=SYSTEM, products=[ProductRow("KOPI", "Kopi Akrab", "IDR")], at=NOON)

    take(sold("1", 9, "Kopi susu"))

    assert known() == ("Kopi Akrab", None, None, 1)
