"""Amounts in the reporting currency, by the rate of their day; without a rate there is none, never a guess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.conf import settings

from akrab.platform.bulk import fetch
from akrab.platform.money import to_decimal, to_minor

TOO_MUCH = 2**63
"""What a column of amounts cannot hold: there is no rate that gives it, only a mistaken one."""


def base_amounts(amounts: Sequence[tuple[str, date, int]]) -> list[int | None]:
    """For each (currency, day, minor units) the minor units in the reporting currency, or None without a rate."""
    foreign = sorted({(currency, day) for currency, day, _net in amounts if currency != settings.CURRENCY})
    rates: dict[tuple[str, date], Decimal] = {}
    if foreign:
        rows = fetch(
            "SELECT w.currency, w.day, r.rate FROM unnest(%s::text[], %s::date[]) AS w(currency, day) "
            'JOIN LATERAL (SELECT rate FROM platform_currencyrate c WHERE c.currency = w.currency AND c."on" <= w.day '
            'ORDER BY c."on" DESC LIMIT 1) r ON true',
            [[currency for currency, _day in foreign], [day for _currency, day in foreign]],
        )
        rates = {(row[0], row[1]): row[2] for row in rows}
    return [_base(currency, net, rates.get((currency, day))) for currency, day, net in amounts]


def _base(currency: str, net: int, rate: Decimal | None) -> int | None:
    if currency == settings.CURRENCY:
        return net
    base = None if rate is None else to_minor(to_decimal(net, currency) * rate, settings.CURRENCY)
    return base if base is None or abs(base) < TOO_MUCH else None
