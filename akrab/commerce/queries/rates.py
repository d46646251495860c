"""Currency rates, and the receipts that wait for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from akrab.commerce.models import RECEIPT
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.models import CurrencyRate
from akrab.platform.operation import require
from akrab.platform.paging import CAP, Key, Order, Page, paginate
from akrab.platform.rights.limits import where

LATEST_FIRST = Order((Key("on"), Key("currency")), descending=True)

_WAITING = """
SELECT currency, count(*), min(business_on), max(business_on) FROM (
    SELECT currency, business_on FROM commerce_receipt r WHERE {mine} AND base_net IS NULL
    ORDER BY currency, business_on LIMIT %(cap)s
) AS waiting GROUP BY currency ORDER BY currency
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Receipts of one currency without an amount in the reporting currency, and the days they are from."""

    currency: str
    receipts: int
    first_on: date
    last_on: date
    is_capped: bool


def list_rates(*, by: Actor, cursor: str = "") -> Page[CurrencyRate]:
    """Rates, the latest day first."""
    require(by, "commerce.view_receipts")
    return paginate(CurrencyRate.objects.all(), order=LATEST_FIRST, cursor=cursor)


def waiting_for_rates(*, by: Actor) -> list[Waiting]:
    """What has no amount in the reporting currency yet; looks at 10,000 receipts at most."""
    require(by, "commerce.view_receipts")
    mine, values = where(by, RECEIPT.name, "r")
    rows = fetch(_WAITING.replace("{mine}", mine), {**values, "cap": CAP})
    is_capped = sum(row[1] for row in rows) >= CAP
    return [Waiting(currency, number, first, last, is_capped) for currency, number, first, last in rows]
