"""Amounts in the reporting currency: by the rate of the day, frozen once converted, never guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from akrab.commerce.operations.waiting import convert_waiting
from akrab.commerce.tests.factories import get_receipt, make_line, make_message, take
from akrab.platform.actor import SYSTEM
from akrab.platform.operations.rates import Rate, note_rates
from akrab.platform.refusal import Invalid
from akrab.platform.tests.factories import NOON, facts_recorded

pytestmark = pytest.mark.django_db

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

    assert (first, second) == (1, 0)
    assert get_receipt("1").base_net == 16_000_000


def test_a_rate_of_zero_is_refused_and_nothing_is_kept() -> None:
    with pytest.raises(Invalid):
        note("0")

    assert facts_recorded() == []
