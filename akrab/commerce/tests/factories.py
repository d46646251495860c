"""Receipts for tests: each factory fills in what the test does not care about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from akrab.commerce.models import Receipt
from akrab.commerce.operations.receiving import Outcome, record_receipts
from akrab.commerce.operations.stocking import ProductRow, save_products
from akrab.commerce.operations.summarizing import summarize_purchases
from akrab.commerce.queries.messages import LineMessage, ReceiptMessage
from akrab.customers.public import Contact
from akrab.platform.actor import SYSTEM
from akrab.platform.tests.factories import NOON


def make_line(**what_matters: Any) -> LineMessage:
    values = {"sku": "KOPI", "name": "Kopi susu", "quantity": 1, "unit_price": "25000", **what_matters}
    for name in ("quantity", "unit_price", "discount", "tax"):
        if name in values:
            values[name] = Decimal(str(values[name]))
    return LineMessage(**values)


def make_message(number: str = "1", phone: str = "", **what_matters: Any) -> ReceiptMessage:
    values: dict[str, Any] = {
        "branch": "SUDIRMAN",
        "occurred_at": datetime(2026, 3, 10, 10, 0),
        "currency": "IDR",
        "lines": (make_line(),),
        **what_matters,
    }
    if phone:
        values["contact"] = Contact((("phone", phone),))
    for name in ("discount", "shipping", "rounding", "total"):
        if name in values:
            values[name] = Decimal(str(values[name]))
    return ReceiptMessage(number=number, **values)


def take(*messages: ReceiptMessage, **options: Any) -> list[Outcome]:
    """Take receipts in as the system, a day after they happened."""
    values: dict[str, Any] = {"by": SYSTEM, "at": NOON + timedelta(days=1), "open_branches": True, **options}
    return record_receipts(receipts=messages, **values)


def get_receipt(number: str) -> Receipt:
    return Receipt.objects.get(number=number)


def shelve(category: str, *skus: str, currency: str = "IDR") -> None:
    """Products of a category, named by their SKU."""
    save_products(by=SYSTEM, products=[ProductRow(sku, sku, currency, category) for sku in skus], at=NOON)


def summarize(customer_ids: Sequence[UUID]) -> None:
    """What the job does after receipts: the purchase figures of customers."""
    summarize_purchases(by=SYSTEM, customer_ids=customer_ids, at=NOON)
