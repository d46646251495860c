"""Returns, voids and exchanges: the same documents end in the same state, whatever order they arrive in."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from akrab.commerce.jobs import summarize_customers
from akrab.commerce.models import Product, Receipt, ReceiptLine
from akrab.commerce.operations.summarizing import summarize_purchases
from akrab.commerce.public import ReceiptMessage, state_hash
from akrab.commerce.queries.messages import LineMessage, TenderMessage
from akrab.commerce.queries.purchases import customer_purchases
from akrab.commerce.tests.factories import get_receipt, make_line, make_message, take
from akrab.customers.models import Customer
from akrab.platform.actor import SYSTEM
from akrab.platform.bulk import fetch
from akrab.platform.declaring import load
from akrab.platform.tests.factories import NOON, facts_recorded

pytestmark = pytest.mark.django_db

PHONE = "081234567890"


def state_after(*batches: Sequence[ReceiptMessage]) -> tuple[int, str]:
    """The state hash after these batches arrived one after the other; everything is undone afterwards."""
    with transaction.atomic():
        for batch in batches:
            take(*batch)
        state = state_hash(by=SYSTEM)
        transaction.set_rollback(True)
    return state


def test_a_return_takes_its_amount_back_from_the_sale() -> None:
    take(make_message("1", lines=(make_line(quantity=2),)), make_message("2", kind="return", original_number="1"))

    assert (get_receipt("1").net, get_receipt("1").returned) == (5_000_000, 2_500_000)
    assert (get_receipt("2").net, get_receipt("2").status) == (-2_500_000, "counted")


@pytest.mark.parametrize("quantity", [1, -1])
def test_a_return_is_negative_however_the_till_writes_it(quantity: int) -> None:
    take(make_message("2", kind="return", lines=(make_line(quantity=quantity),)))

    assert (get_receipt("2").net, get_receipt("2").total) == (-2_500_000, -2_500_000)


def test_a_return_before_its_sale_waits_and_is_applied_when_the_sale_arrives() -> None:
    take(make_message("2", kind="return", original_number="1"))
    waiting = get_receipt("2").status

    take(make_message("1", phone=PHONE))

    assert waiting == "early"
    assert (get_receipt("2").status, get_receipt("1").returned) == ("counted", 2_500_000)
    assert get_receipt("2").customer == get_receipt("1").customer
    assert get_receipt("2").customer_from == "original"


def test_a_blind_return_counts_by_itself_and_takes_nothing_from_any_sale() -> None:
    take(make_message("1"), make_message("2", kind="return"))

    assert (get_receipt("1").returned, get_receipt("2").status) == (0, "counted")


def test_a_void_stops_its_sale_from_counting_and_is_a_fact_of_the_customer() -> None:
    take(make_message("1", phone=PHONE))

    take(make_message("V1", kind="void", lines=(), original_number="1"))

    assert get_receipt("1").status == "voided"
    assert facts_recorded("commerce.receipt_voided") == ["commerce.receipt_voided"]


def test_voiding_a_return_gives_the_sale_its_amount_again() -> None:
    take(make_message("1"), make_message("2", kind="return", original_number="1"))

    take(make_message("V", kind="void", lines=(), original_number="2"))

    assert (get_receipt("1").returned, get_receipt("2").status) == (0, "voided")


def test_a_corrected_return_that_names_another_sale_gives_the_first_its_amount_again() -> None:
    take(make_message("1"), make_message("2"), make_message("R", kind="return", original_number="1"))

    take(make_message("R", kind="return", original_number="2"))

    assert (get_receipt("1").returned, get_receipt("2").returned) == (0, 2_500_000)


def test_a_corrected_return_that_names_no_sale_any_more_is_blind() -> None:
    take(make_message("1"), make_message("R", kind="return", original_number="1"))

    take(make_message("R", kind="return"))

    assert (get_receipt("1").returned, get_receipt("R").status) == (0, "counted")


def test_an_exchange_is_a_return_and_a_sale_in_one_and_counts_its_net() -> None:
    swapped = (make_line(quantity=-1, position=1), make_line(sku="TEH", unit_price="30000", position=2))

    take(make_message("1"), make_message("2", kind="exchange", lines=swapped, original_number="1"))

    assert (get_receipt("2").net, get_receipt("1").returned) == (500_000, 2_500_000)


def test_an_exchange_is_a_purchase_of_what_it_sells() -> None:
    even = (make_line(quantity=-1, position=1), make_line(sku="TEH", unit_price="25000", position=2))
    march, april = datetime(2026, 3, 10, 10), datetime(2026, 4, 2, 10)
    take(
        make_message("1", phone=PHONE, occurred_at=march),
        make_message("2", kind="exchange", lines=even, original_number="1", occurred_at=april),
        at=datetime(2026, 4, 3, tzinfo=UTC),
    )
    customer = Customer.objects.get()

    summarize_purchases(by=SYSTEM, customer_ids=[customer.pk], at=NOON)

    customer.refresh_from_db()
    bought = customer_purchases(by=SYSTEM, customer_id=customer.pk)
    assert (get_receipt("2").net, get_receipt("2").brought_back) == (0, 2_500_000)
    assert (customer.purchase_count, customer.spend, str(customer.last_purchase_at)[:10]) == (1, 2_500_000, "2026-04-02")
    assert bought.habits is not None
    assert (bought.habits.receipts, bought.habits.kept, bought.habits.first_on) == (1, 2_500_000, date(2026, 4, 2))
    assert [(one.name, one.receipts) for one in bought.favorites] == [("Kopi susu", 1)]


def test_what_an_exchange_sold_can_come_back_too() -> None:
    swapped = (make_line(quantity=-1, position=1), make_line(sku="TEH", unit_price="30000", position=2))
    back = (make_line(sku="TEH", unit_price="30000"),)
    take(
        make_message("1", phone=PHONE),
        make_message("2", kind="exchange", lines=swapped, original_number="1"),
        make_message("3", kind="return", lines=back, original_number="2"),
    )
    customer = Customer.objects.get()

    summarize_purchases(by=SYSTEM, customer_ids=[customer.pk], at=NOON)

    customer.refresh_from_db()
    assert (get_receipt("1").returned, get_receipt("2").returned) == (2_500_000, 3_000_000)
    assert (customer.purchase_count, customer.spend) == (0, 0)


def test_a_wholly_returned_sale_is_no_purchase() -> None:
    take(make_message("1", phone=PHONE), make_message("2", kind="return", original_number="1"))

    summarize_purchases(by=SYSTEM, customer_ids=[Customer.objects.get().pk], at=NOON)

    customer = Customer.objects.get()
    assert (customer.purchase_count, customer.spend, customer.stage) == (0, 0, "prospect")


def test_a_number_used_again_another_day_is_another_receipt_and_a_return_finds_the_latest_before_it() -> None:
    take(
        make_message("1"),
        make_message("1", occurred_at=datetime(2026, 3, 9, 9)),
        make_message("R", kind="return", original_number="1", occurred_at=datetime(2026, 3, 9, 20)),
    )

    returned = dict(Receipt.objects.filter(number="1").values_list("business_on", "returned"))
    assert {day.isoformat(): taken for day, taken in returned.items()} == {"2026-03-09": 2_500_000, "2026-03-10": 0}


def test_every_order_of_a_sale_its_return_and_a_void_ends_in_one_state() -> None:
    day = [
        make_message("1", phone=PHONE, lines=(make_line(quantity=3),)),
        make_message("2", kind="return", original_number="1"),
        make_message("3", kind="void", lines=(), original_number="2"),
        make_message("4", kind="return", original_number="1"),
    ]
    states = {state_after(*[[message] for message in order]) for order in permutations(day)}

    assert {count for count, _hash in states} == {4}
    assert len(states) == 1


def test_two_hundred_shuffles_of_a_day_end_in_one_state() -> None:
    """P2: sales, voids, returns, exchanges, revisions and duplicates in any order, in batches of any size."""
    day = [make_message(str(n), phone=f"08123456{n % 7:04d}", lines=_lines(n), **_moment(n)) for n in range(12)]
    day += [make_message(f"R{n}", kind="return", original_number=str(n)) for n in range(4)]
    day += [
        make_message(
            "X5", kind="exchange", original_number="5", lines=(make_line(quantity=-1), make_line(sku="TEH", unit_price="30000"))
        )
    ]
    day += [make_message(f"V{n}", kind="void", lines=(), original_number=str(n)) for n in (3, 8)]
    day += [make_message("VR", kind="void", lines=(), original_number="R1"), *day[:5]]
    again = [_lines(9, name=f"Kopi revisi {n}", quantity=n) for n in range(5)]
    day += [make_message("9", revision=n, lines=again[n], **_moment(9)) for n in (1, 2)]
    day += [make_message("9", revision=n, lines=again[3], **_moment(9)) for n in (3, 4)]
    day += [make_message("10", revision=1, lines=_lines(10, quantity=2), occurred_at=datetime(2026, 3, 10, 21))]
    day += [make_message("11", revision=1, lines=(make_line(name="", quantity=4), make_line(sku="TEH", name="")), **_moment(11))]
    chance = random.Random(2)
    states = set()
    for _round in range(200):
        chance.shuffle(day)
        size = chance.choice([1, 3, len(day)]) if _round % 10 == 0 else len(day)
        states.add(state_after(*[day[start : start + size] for start in range(0, len(day), size)]))

    assert len(states) == 1
    take(*day)
    kopi = Product.objects.select_related("category").get(sku="KOPI")
    assert (kopi.name, kopi.price, kopi.category and kopi.category.name) == ("Kopi revisi 3", 2_500_900, "Rak 0")


def _lines(n: int, name: str = "", quantity: int = 0) -> tuple[LineMessage, ...]:
    """Lines that call the same goods something else in every receipt."""
    kopi = make_line(name=name or f"Kopi {n}", quantity=quantity or n % 3 + 1, unit_price=25_000 + n, category=f"Rak {n % 3}")
    return (kopi, make_line(sku="TEH", name="" if n % 2 else f"Teh {n}", unit_price=30_000 - n, category="Teh" if n % 4 else ""))


def _moment(n: int) -> dict[str, Any]:
    """The highest numbers were sold first, two at a time; a revision may be the first of all."""
    return {"occurred_at": datetime(2026, 3, 10, 8 if n == 9 else 20 - n // 2)}


@pytest.mark.parametrize("kind", ["return", "void"])
def test_a_document_finds_the_receipt_of_its_own_terminal_before_that_of_another(kind: str) -> None:
    lines = () if kind == "void" else (make_line(),)
    take(
        make_message("1", terminal="A", occurred_at=datetime(2026, 3, 10, 11)),
        make_message("1", terminal="B", occurred_at=datetime(2026, 3, 10, 9)),
        make_message("R", kind=kind, lines=lines, original_number="1", terminal="B", occurred_at=datetime(2026, 3, 10, 12)),
    )

    assert Receipt.objects.get(number="R", original__terminal="B")
    changed = [one.terminal for one in Receipt.objects.filter(number="1") if one.returned or one.status == "voided"]
    assert changed == ["B"]


def test_a_return_that_finds_a_later_sale_of_somebody_else_tells_of_both_customers() -> None:
    take(
        make_message("1", phone=PHONE, occurred_at=datetime(2026, 3, 9, 9)),
        make_message("R", kind="return", original_number="1", occurred_at=datetime(2026, 3, 10, 20)),
    )
    first = get_receipt("R").customer_id

    take(make_message("1", phone="081234567891", occurred_at=datetime(2026, 3, 10, 9)))

    told = "SELECT payload->>'previous_customer_id' FROM platform_fact WHERE kind = 'commerce.return_linked' ORDER BY id"
    assert fetch(told)[-1] == (str(first),)
    assert get_receipt("R").customer_id not in (first, None)


def test_a_return_whose_sale_is_no_sale_any_more_belongs_to_nobody_again() -> None:
    take(make_message("1", phone=PHONE), make_message("R", kind="return", original_number="1"))

    take(make_message("1", phone=PHONE, kind="adjustment"))

    one = get_receipt("R")
    assert (one.status, one.customer_id, one.customer_from, one.original_id) == ("early", None, "", None)


def test_a_return_in_another_currency_than_its_sale_waits_and_takes_nothing_back() -> None:
    ten_dollars = (make_line(unit_price="10"),)

    take(make_message("1"), make_message("2", kind="return", original_number="1", currency="USD", lines=ten_dollars))

    assert (get_receipt("1").returned, get_receipt("2").status) == (0, "early")


def test_a_corrected_currency_links_the_return_that_waited() -> None:
    take(make_message("1"), make_message("2", kind="return", original_number="1", currency="USD"))

    take(make_message("2", kind="return", original_number="1"))

    assert (get_receipt("1").returned, get_receipt("2").status) == (2_500_000, "counted")


@pytest.mark.parametrize(("sign", "said"), [(1, "20000"), (1, "-20000"), (-1, "-20000")])
def test_a_fee_kept_from_a_refund_stays_a_fee_however_the_till_writes_the_return(sign: int, said: str) -> None:
    goods, fee = make_line(unit_price=25_000 * sign, position=1), make_line(sku="FEE", unit_price=-5_000 * sign, position=2)

    outcomes = take(make_message("R", kind="return", lines=(goods, fee), total=said))

    assert [outcome.reason for outcome in outcomes] == [""]
    assert (get_receipt("R").net, get_receipt("R").total) == (-2_000_000, -2_000_000)
    assert list(ReceiptLine.objects.order_by("line").values_list("quantity", "net")) == [
        (Decimal(-1), -2_500_000),
        (Decimal(1), 500_000),
    ]


@pytest.mark.parametrize("sign", [1, -1])
def test_lines_and_rounding_of_a_return_turn_together(sign: int) -> None:
    cash = (TenderMessage("cash", Decimal(25_200)),)

    take(
        make_message(
            "R", kind="return", lines=(make_line(quantity=sign),), rounding=200 * sign, total=25_200 * sign, tenders=cash
        )
    )

    one = get_receipt("R")
    assert (one.net, one.rounding, one.total) == (-2_500_000, -20_000, -2_520_000)
    assert list(one.tenders.values_list("method", "amount")) == [("cash", -2_520_000)]


OTHER = "081200000009"
HEARD = ("receipt_recorded", "receipt_corrected", "receipt_voided", "return_linked", "returned_changed")


def settle(since: int = 0) -> int:
    """Let the summaries hear the facts after the first `since`; how many there are now."""
    told = "SELECT kind, payload::text FROM platform_fact WHERE kind = ANY(%s) ORDER BY id OFFSET %s"
    rows = fetch(told, [[f"commerce.{kind}" for kind in HEARD], since])
    summarize_customers([load(kind, json.loads(payload)) for kind, payload in rows])
    return since + len(rows)


def bought(phone: str) -> tuple[int, int | None]:
    customer = Customer.objects.get(phone=phone)
    return customer.purchase_count, customer.spend


@pytest.mark.parametrize(
    ("said", "after"),
    [({}, (2, 7_500_000)), ({"kind": "return"}, (2, 7_500_000)), ({"kind": "return", "original_number": "2"}, (2, 5_000_000))],
)
def test_the_former_sale_of_a_corrected_return_of_somebody_else_is_summed_up_again(
    said: dict[str, Any], after: tuple[int, int]
) -> None:
    take(make_message("1", PHONE), make_message("2", PHONE, lines=(make_line(quantity=2),)))
    take(make_message("R", OTHER, kind="return", original_number="1"))
    heard = settle()
    before = bought(PHONE)

    take(make_message("R", OTHER, **said))
    settle(heard)

    assert (before, bought(PHONE)) == ((1, 5_000_000), after)


def test_a_voided_return_of_somebody_else_is_told_to_the_customer_of_the_sale() -> None:
    take(make_message("1", PHONE), make_message("R", OTHER, kind="return", original_number="1"))
    heard = settle()
    before = bought(PHONE)

    take(make_message("V", kind="void", lines=(), original_number="R"))
    settle(heard)

    assert (before, bought(PHONE)) == ((0, 0), (1, 2_500_000))
    assert facts_recorded("commerce.returned_changed") == ["commerce.returned_changed"] * 2


def test_what_others_brought_back_of_a_sale_is_told_whatever_else_is_in_the_batch() -> None:
    take(make_message("1", PHONE), make_message("2", PHONE))

    take(
        make_message("R1", OTHER, kind="return", original_number="1"),
        make_message("R2", PHONE, kind="return", original_number="2"),
    )

    told = "SELECT payload->>'number', (payload->>'returned')::bigint FROM platform_fact WHERE kind = 'commerce.returned_changed'"
    assert fetch(told) == [("1", 2_500_000)]


def test_two_returns_of_one_sale_are_told_when_one_of_them_is_of_somebody_else() -> None:
    take(make_message("1", PHONE, lines=(make_line(quantity=3),)))

    take(
        make_message("R1", PHONE, kind="return", original_number="1"),
        make_message("R2", OTHER, kind="return", original_number="1"),
    )

    assert facts_recorded("commerce.returned") == ["commerce.returned_changed"]


def test_a_return_of_ones_own_sale_is_told_once() -> None:
    take(make_message("1", PHONE), make_message("R", kind="return", original_number="1"))

    assert facts_recorded("commerce.return") == ["commerce.return_linked"]
