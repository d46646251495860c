"""Exchanges from before it was known what they sell: the migration gives them what intake gives new ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from akrab.commerce.models import Receipt
from akrab.commerce.queries.messages import ReceiptMessage
from akrab.commerce.tests.factories import make_line, make_message, take
from akrab.customers.models import Customer
from akrab.platform.actor import SYSTEM
from akrab.platform.bulk import fetch
from akrab.platform.operations.rates import Rate, note_rates
from akrab.platform.tests.factories import NOON

pytestmark = pytest.mark.django_db

PHONE = "081234567890"
MIGRATION: Any = import_module("akrab.commerce.migrations.0006_what_exchanges_sell")


def swap(number: str, back: str, sold: str, currency: str = "USD", **more: Any) -> ReceiptMessage:
    lines = (make_line(quantity=-1, unit_price=back), make_line(sku="TEH", unit_price=sold))
    return make_message(number, PHONE, kind="exchange", currency=currency, lines=lines, **more)


def note(currency: str, rate: str, on: date = date(2026, 3, 1)) -> None:
    note_rates(by=SYSTEM, rates=[Rate(currency, on, Decimal(rate))], at=NOON)


def migrate() -> dict[str, tuple[int | None, ...]]:
    """Forget what exchanges brought back, and let the migration find it again."""
    Receipt.objects.update(brought_back=0, base_brought_back=0)
    MIGRATION.fill(None, SimpleNamespace(connection=connection))
    return figures()


def figures() -> dict[str, tuple[int | None, ...]]:
    rows = Receipt.objects.values_list("number", "base_net", "brought_back", "base_brought_back")
    return {row[0]: row[1:] for row in rows}


def test_the_migration_fills_what_intake_writes() -> None:
    note("USD", "16250.5")
    note("JPY", "104.123")
    take(
        swap("even", "10", "10"),
        swap("near", "100000", "100001", "JPY"),
        swap("own", "25000", "50000", "IDR"),
        swap("without a rate", "10", "12", "SGD"),
        make_message("sale", PHONE),
    )
    written = figures()

    assert migrate() == written
    assert written == {
        "even": (0, 1_000, 16_250_500),
        "near": (10_412, 100_000, 1_041_230_000),
        "own": (2_500_000, 2_500_000, 2_500_000),
        "without a rate": (None, 1_000, None),
        "sale": (2_500_000, 0, 0),
    }


def test_a_rate_that_changed_since_gives_way_to_the_one_that_the_net_shows() -> None:
    note("USD", "16000")
    take(swap("1", "10", "30"))
    note("USD", "17000")

    assert migrate() == {"1": (32_000_000, 1_000, 16_000_000)}


def test_what_fits_no_column_waits_whole_for_a_better_rate() -> None:
    note("USD", "9e11")
    take(swap("1", "200000", "200000"))
    Receipt.objects.update(base_net=0)

    assert migrate() == {"1": (None, 20_000_000, None)}


def test_customers_with_exchanges_are_summed_up_again() -> None:
    take(swap("1", "25000", "25000", "IDR"), make_message("2", "081200000009"))
    customer = Customer.objects.get(phone=PHONE)
    before = customer.purchase_count, customer.spend, customer.stage

    migrate()
    jobs = fetch("SELECT task_name, args::text FROM procrastinate_jobs WHERE task_name = 'commerce.summarize_again'")
    app.tasks["commerce.summarize_again"](customer_ids=[str(customer.pk)])

    customer.refresh_from_db()
    assert jobs == [("commerce.summarize_again", f'{{"customer_ids": ["{customer.pk}"]}}')]
    assert (before, (customer.purchase_count, customer.spend)) == ((0, 0, "prospect"), (1, 2_500_000))
    assert customer.stage != "prospect"
