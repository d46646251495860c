"""Which receipts a choice of filters lets through, and what they come to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from akrab.commerce.models import Branch, Category, Product
from akrab.commerce.queries.choosing import (
    Amounts,
    ReceiptChoice,
    early_receipts,
    find_receipts,
    list_receipts,
    sum_receipts,
)
from akrab.commerce.queries.messages import LineMessage
from akrab.commerce.queries.purchases import customer_purchases
from akrab.commerce.tests.factories import get_receipt, make_line, make_message, shelve, take
from akrab.platform.actor import SYSTEM
from akrab.platform.refusal import Forbidden
from akrab.platform.tests.factories import make_actor

pytestmark = pytest.mark.django_db
PHONE = "081234567890"


def numbers(choice: ReceiptChoice) -> list[str]:
    return [one.number for one in list_receipts(by=SYSTEM, choice=choice).items]


def free() -> LineMessage:
    return make_line(unit_price="0")


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_the_newest_receipt_comes_first() -> None:
    take(make_message("1", occurred_at=at(8)), make_message("2", occurred_at=at(9)))

    assert numbers(ReceiptChoice()) == ["2", "1"]


def test_days_are_business_dates_of_the_branch() -> None:
    take(make_message("night", occurred_at=at(8, 20)), make_message("noon", occurred_at=at(8, 5)))

    assert numbers(ReceiptChoice(day_from=date(2026, 3, 9), day_to=date(2026, 3, 9))) == ["night"]
    assert numbers(ReceiptChoice(day_to=date(2026, 3, 8))) == ["noon"]


def test_each_filter_narrows() -> None:
    take(
        make_message("1", phone="081234567890"),
        make_message("2", branch="BANDUNG", channel="web"),
        make_message("R", kind="return", original_number="1"),
    )
    bandung = Branch.objects.get(code="BANDUNG").pk

    assert numbers(ReceiptChoice(branch=bandung)) == ["2"]
    assert numbers(ReceiptChoice(channel="web")) == ["2"]
    assert numbers(ReceiptChoice(kind="return")) == ["R"]
    assert numbers(ReceiptChoice(who="anonymous")) == ["2"]
    assert numbers(ReceiptChoice(customer=get_receipt("1").customer_id, kind="sale")) == ["1"]
    assert numbers(ReceiptChoice(who="claimed")) == []


def test_a_number_is_found_in_any_branch_and_in_small_letters() -> None:
    take(make_message("A-1"), make_message("A-1", branch="BANDUNG"), make_message("B-2"))

    assert numbers(ReceiptChoice(number="a-1")) == ["A-1", "A-1"]
    assert [one.number for one in find_receipts(by=SYSTEM, number="b-2")] == ["B-2"]


def test_only_documents_that_count_are_summed_in_each_currency() -> None:
    take(
        make_message("1", lines=(make_line(unit_price="25000"),)),
        make_message("2", lines=(make_line(unit_price="10"),), currency="USD"),
        make_message("R", kind="return", original_number="never", lines=(make_line(unit_price="7000"),)),
    )

    found = sum_receipts(by=SYSTEM, choice=ReceiptChoice())

    assert (found.number, found.is_capped) == (3, False)
    assert found.totals == [Amounts("IDR", 2_500_000, 2_500_000), Amounts("USD", 1_000, 1_000)]


def test_past_the_cap_nothing_is_summed_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("akrab.commerce.queries.choosing.CAP", 1)
    take(make_message("1"), make_message("2"))

    capped = sum_receipts(by=SYSTEM, choice=ReceiptChoice())
    exact = sum_receipts(by=SYSTEM, choice=ReceiptChoice(), exactly=True)

    assert (capped.number, capped.is_capped, list(capped.totals)) == (1, True, [])
    assert (exact.number, exact.totals) == (2, [Amounts("IDR", 5_000_000, 5_000_000)])


def test_the_longest_waiting_return_comes_first() -> None:
    early, late = at(11), at(11) + timedelta(hours=1)
    take(make_message("R2", kind="return", original_number="B"), at=late)
    take(make_message("R1", kind="return", original_number="A"), at=early)

    assert [one.number for one in early_receipts(by=SYSTEM).items] == ["R1", "R2"]


def test_nobody_without_the_permission_sees_a_list() -> None:
    with pytest.raises(Forbidden):
        list_receipts(by=make_actor("stranger"), choice=ReceiptChoice())


def test_a_category_lets_through_the_receipts_with_one_of_its_lines_and_says_what_these_come_to() -> None:
    shelve("Coffee", "KOPI")
    shelve("Tea", "TEH")
    tea = Product.objects.get(sku="TEH")
    coffee_and_tea = (make_line(), make_line(sku="TEH", unit_price="10000"))
    take(make_message("1", lines=coffee_and_tea), make_message("2"), make_message("3", lines=(make_line(sku="ROTI"),)))

    of_tea = ReceiptChoice(category=Category.objects.get(name="Tea").pk)
    of_nothing = ReceiptChoice(category="none")

    assert numbers(of_tea) == numbers(ReceiptChoice(product=tea.pk)) == ["1"]
    assert sum_receipts(by=SYSTEM, choice=of_tea).totals == [Amounts("IDR", 3_500_000, 3_500_000, 1_000_000)]
    assert numbers(of_nothing) == ["3"]
    assert sum_receipts(by=SYSTEM, choice=of_nothing).totals == [Amounts("IDR", 2_500_000, 2_500_000, 2_500_000)]


def test_amounts_above_and_below_zero_stand_apart() -> None:
    take(make_message("1"), make_message("R", kind="return", original_number="1"), make_message("0", lines=(free(),)))

    assert numbers(ReceiptChoice(amount="above")) == ["1"]
    assert numbers(ReceiptChoice(amount="below")) == ["R"]
    [taken_back] = sum_receipts(by=SYSTEM, choice=ReceiptChoice(amount="below")).totals
    assert (taken_back.revenue < 0, taken_back.part) == (True, None)


def test_an_exchange_is_among_what_sold_and_among_what_took_back() -> None:
    swap = (make_line(quantity=-1, position=1), make_line(sku="TEH", unit_price="30000", position=2))
    take(make_message("1"), make_message("X", kind="exchange", original_number="1", lines=swap))

    assert numbers(ReceiptChoice(amount="above")) == numbers(ReceiptChoice(amount="sold")) == ["X", "1"]
    assert numbers(ReceiptChoice(amount="below")) == numbers(ReceiptChoice(amount="kept")) == ["X"]
    assert sum_receipts(by=SYSTEM, choice=ReceiptChoice(amount="sold")).totals == [
        Amounts("IDR", 3_000_000, 3_000_000, 5_500_000)
    ]
    assert sum_receipts(by=SYSTEM, choice=ReceiptChoice(amount="below")).totals == [Amounts("IDR", 500_000, 500_000, -2_500_000)]


def test_what_was_kept_comes_to_what_returns_left_of_it() -> None:
    most, swap = (make_line(quantity=-2),), (make_line(quantity=-1), make_line(sku="TEH", unit_price="30000"))
    take(
        make_message("1", phone=PHONE, lines=(make_line(quantity=3),)),
        make_message("R", kind="return", original_number="1", lines=most),
        make_message("2", phone=PHONE),
        make_message("X", phone=PHONE, kind="exchange", original_number="2", lines=swap),
    )
    customer = get_receipt("1").customer_id
    assert customer

    [kept] = sum_receipts(by=SYSTEM, choice=ReceiptChoice(customer=customer, amount="kept", status="counted")).totals
    habits = customer_purchases(by=SYSTEM, customer_id=customer).habits

    assert kept == Amounts("IDR", 8_000_000, 8_000_000, 5_500_000)
    assert habits
    assert (habits.receipts, habits.kept) == (2, kept.part)


def test_a_document_that_voids_another_is_not_among_those_that_count() -> None:
    take(make_message("1"), make_message("2"), make_message("V", kind="void", original_number="1"))

    assert numbers(ReceiptChoice(status="counted")) == ["2"]
