"""Products learn what they are from receipts: the earliest line counts, until people say it themselves."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from akrab.commerce.models import Product
from akrab.commerce.operations.revising import revise_product
from akrab.commerce.operations.stocking import ProductRow, save_products
from akrab.commerce.queries.messages import ReceiptMessage
from akrab.commerce.queries.state import state_hash
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


def test_the_latest_of_two_corrections_teaches_whichever_arrives_last() -> None:
    take(sold("1", 9, "Kopi susu"))

    take(sold("1", 9, "Kopi susu besar", revision=2))
    take(sold("1", 9, "Kopi susu kecil", revision=1))

    assert known() == ("Kopi susu besar", 2_500_000, None, 2)


def test_a_correction_without_a_revision_teaches_again_also_from_another_line() -> None:
    take(sold("1", 9, "Kopi susu"))

    lines = (make_line(sku="AIR", name="Air", unit_price=5_000), make_line(name="Kopi susu besar"))
    take(make_message("1", lines=lines, occurred_at=datetime(2026, 3, 10, 9)))

    assert Product.objects.get(sku="KOPI").name == "Kopi susu besar"


@pytest.mark.parametrize(
    "corrected",
    [
        sold("A", 9, "", revision=1),
        sold("A", 15, "Kopi susu", revision=1),
        sold("A", 15, "Kopi besar", 26_000, revision=1),
        make_message("A", lines=(make_line(sku="TEH"),), occurred_at=datetime(2026, 3, 10, 9), revision=1),
    ],
    ids=["without a name", "later", "later and otherwise", "of other goods"],
)
def test_a_correction_that_teaches_worse_leaves_what_was_learned_in_every_order(corrected: ReceiptMessage) -> None:
    said = [sold("A", 9, "Kopi susu"), corrected, sold("B", 12, "Kopi botol", 27_000)]
    ends = set()
    for order in permutations(said):
        with transaction.atomic():
            for message in order:
                take(message)
            ends.add((state_hash(by=SYSTEM), *Product.objects.values_list("name", "price").get(sku="KOPI")))
            transaction.set_rollback(True)

    assert [end[1:] for end in ends] == [("Kopi susu", 2_500_000)]


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
