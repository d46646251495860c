"""Money: integer minor units with an ISO 4217 currency; never a float."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from babel.core import get_global
from babel.numbers import format_decimal, get_currency_symbol
from django.utils.translation import gettext_lazy as _

from akrab.platform.refusal import Refusal


class UnknownCurrency(Refusal):
    code = "unknown_currency"
    status = 422
    message = _("There is no currency %(currency)s; use a code such as IDR or USD.")

    def __init__(self, *, currency: str) -> None:
        super().__init__(currency=currency)


_ONE = Decimal(1)


@cache
def exponent(currency: str) -> int:
    """Decimal places of the currency's minor unit (IDR 2, JPY 0, KWD 3)."""
    fractions = get_global("currency_fractions")
    if currency not in get_global("all_currencies"):
        raise UnknownCurrency(currency=currency)
    return int(fractions.get(currency, fractions["DEFAULT"])[0])


@cache
def _step(currency: str) -> Decimal:
    return Decimal(10) ** exponent(currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """Minor units of an amount, half away from zero: to_minor(Decimal('12.345'), 'GBP') == 1235."""
    return int((amount * _step(currency)).quantize(_ONE, ROUND_HALF_UP)) if amount else 0


def to_decimal(minor: int, currency: str) -> Decimal:
    """The decimal amount of minor units."""
    return Decimal(minor).scaleb(-exponent(currency))


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` by weights so that the parts add up exactly (largest remainder, ties to the first)."""
    base = sum(weights)
    if not weights:
        return []
    if base == 0:
        weights, base = [1] * len(weights), len(weights)
    parts = [total * weight // base for weight in weights]
    rest = total - sum(parts)
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % base), i))
    for index in order[:rest]:
        parts[index] += 1
    return parts


_NO_DECIMALS_SHOWN = {"IDR", "JPY", "KRW", "VND"}
_SIGNS = {"IDR": "Rp"}


@lru_cache(maxsize=8192)
def show(minor: int | None, currency: str, language: str = "en") -> str:
    """Money for a reader: 'Rp 1.250.000' in Indonesian, 'Rp 1,250,000' in English; rupiah without decimals."""
    if minor is None:
        return ""
    places = shown_places(currency)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    amount = to_decimal(minor, currency)
    figure = format_decimal(abs(amount), format=pattern, locale=language)
    return f"{'-' if amount < 0 else ''}{symbol(currency, language)}{figure}"


@cache
def symbol(currency: str, language: str = "en") -> str:
    """What stands before an amount: 'Rp ' for rupiah in every language, otherwise the sign that the language uses."""
    sign: str = _SIGNS.get(currency) or get_currency_symbol(currency, locale=language)
    return sign + ("\u00a0" if sign[-1:].isalpha() else "")


def shown_places(currency: str) -> int:
    """Decimal places that a reader sees."""
    return 0 if currency in _NO_DECIMALS_SHOWN else exponent(currency)
