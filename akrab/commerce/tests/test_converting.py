"""Amounts in the reporting currency: by the rate of the day, frozen once converted, never guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from akrab.commerce.jobs import convert_waiting_receipts
from akrab.commerce.operations.waiting import convert_waiting
from akrab.commerce.queries.state import state_hash
from akrab.commerce.tests.factories import get_receipt, make_line, make_message, summarize, take
from akrab.customers.models import Customer
from akrab.platform.actor import SYSTEM
from akrab.platform.operations.rates import Rate, note_rates
from akrab.platform.refusal import Invalid
from akrab.platform.tests.factories import NOON, facts_recorded
from akrab.platform.upkeep_facts import RatesNoted

pytestmark = pytest.mark.django_db

PHONE = "081234567890"
TEN_DOLLARS = (make_line(unit_price="10"),)


def note(rate: str, on: date = date(2026, 3, 1)) -> None:
    note_rates(by=SYSTEM, rates=[Rate("USD", on, Decimal(rate))], at=NOON)


def test_a_foreign_receipt_is_converted_with_the_rate_of_its_day() -> None:
    note("16250.5")
    note("99999", on=date(2026, 3, 11))

    take(make_message("1", currency="USD", lines=TEN_DOLLARS))

    assert (get_receipt("1").net, get_receipt("1").base_net) == (1_000, 16_250_500)


def test_without_a_rate_there_is_no_amount_and_the_receipt_is_kept() -> None:
    take(make_message("1", currency="USD", lines=TEN_DOLLARS))

    assert get_receipt("1").base_net is None


def test_a_later_rate_converts_what_waited_and_leaves_what_was_converted() -> None:
    take(make_message("1", currency="USD", lines=TEN_DOLLARS))
    note("16000")
    first = convert_waiting(by=SYSTEM, currencies=["USD"])
    note("17000")
    second = convert_waiting(by=SYSTEM, currencies=["USD"])

    assert (first, second) == ([None], [])
    assert get_receipt("1").base_net == 16_000_000


def test_a_rate_of_zero_is_refused_and_nothing_is_kept() -> None:
    with pytest.raises(Invalid):
        note("0")

    assert facts_recorded() == []


def test_an_even_exchange_in_a_foreign_currency_is_worth_what_it_sold_at_its_rate() -> None:
    swap = (make_line(quantity=-1, unit_price="10", position=1), make_line(sku="TEH", unit_price="10", position=2))
    take(make_message("1", phone=PHONE, currency="USD", kind="exchange", lines=swap))
    customer = Customer.objects.get()

    note("16000")
    convert_waiting_receipts([RatesNoted(currencies=["USD"], noted_at=NOON, rates=1)])

    customer.refresh_from_db()
    assert (get_receipt("1").base_net, get_receipt("1").base_brought_back) == (0, 16_000_000)
    assert (customer.purchase_count, customer.spend) == (1, 16_000_000)


def test_what_a_receipt_brought_back_does_not_depend_on_its_batch() -> None:
    swap = (make_line(quantity=-1, unit_price="10"), make_line(sku="TEH", unit_price="20"))
    sale, exchange = make_message("1", currency="USD"), make_message("2", currency="USD", kind="exchange", lines=swap)
    states = []
    for batches in ([[sale, exchange]], [[sale], [exchange]]):
        with transaction.atomic():
            for batch in batches:
                take(*batch)
            states.append((state_hash(by=SYSTEM), *(get_receipt(number).base_brought_back for number in "12")))
            transaction.set_rollback(True)

    assert states[0] == states[1]
    assert states[0][1:] == (0, None)


def test_an_exchange_whose_return_is_too_large_at_a_mistaken_rate_waits_whole_for_a_better_one() -> None:
    note("9e11")
    swap = (make_line(quantity=-1, unit_price="200000"), make_line(sku="TEH", unit_price="200000"))
    take(make_message("1", currency="USD", kind="exchange", lines=swap))
    before = get_receipt("1").base_net, get_receipt("1").base_brought_back

    note("16000", on=date(2026, 3, 10))
    convert_waiting(by=SYSTEM, currencies=["USD"])

    assert before == (None, None)
    assert (get_receipt("1").base_net, get_receipt("1").base_brought_back) == (0, 320_000_000_000)


def test_spend_is_in_the_reporting_currency_and_leaves_out_what_has_no_rate_yet() -> None:
    take(
        make_message("1", phone=PHONE),
        make_message("2", phone=PHONE, currency="USD", lines=(make_line(unit_price="10", quantity=2),)),
        make_message("R", kind="return", original_number="2", currency="USD", lines=TEN_DOLLARS),
    )
    customer = Customer.objects.get()
    summarize([customer.pk])
    customer.refresh_from_db()
    before = (customer.purchase_count, customer.spend, customer.spend_currency)

    note("16000")
    convert_waiting_receipts([RatesNoted(currencies=["USD"], noted_at=NOON, rates=1)])

    customer.refresh_from_db()
    assert before == (2, 2_500_000, "IDR")
    assert (customer.purchase_count, customer.spend, customer.spend_currency) == (2, 18_500_000, "IDR")
