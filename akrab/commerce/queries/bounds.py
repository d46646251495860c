"""How long a text and how large an amount of commerce may be; what is beyond is refused with its reason, item by item."""

from __future__ import annotations

from decimal import Decimal

from akrab.platform.money import to_minor
from akrab.platform.refusal import Explained
from akrab.platform.tabular.sentences import gettext_noop

SKU, NAME, CATEGORY, NUMBER, BRANCH, TERMINAL, METHOD = 80, 300, 120, 80, 60, 40, 20
# Ten trillion of a currency with two decimals: thousands of such amounts still add up in 64 bits.
LARGEST = 10**15
_LARGEST = Decimal(LARGEST)
TOO_LONG = gettext_noop("“%(start)s…” is too long: at most %(most)s characters can be kept.")
TOO_LARGE = gettext_noop("The amount %(amount)s is too large.")
WITH_NUL = gettext_noop("A text contains a NUL character, which cannot be kept.")


class OutOfBounds(Explained):
    """Why one receipt or product cannot be kept; the others of its batch are."""

    code = "out_of_bounds"
    status = 422


def fits(text: str, most: int) -> bool:
    return len(text) <= most and "\0" not in text


def check_text(text: str, most: int) -> None:
    """Refuse a text that is longer than its column, or that no database keeps."""
    if len(text) > most:
        raise OutOfBounds(TOO_LONG, start=text[:20].replace("\0", ""), most=str(most))
    if "\0" in text:
        raise OutOfBounds(WITH_NUL)


def minor(amount: Decimal, currency: str) -> int:
    """Minor units of an amount; refuses one that is too large, or no number."""
    if not amount.is_finite() or abs(amount) >= _LARGEST:
        raise OutOfBounds(TOO_LARGE, amount=_shown(amount))
    units = to_minor(amount, currency)
    if abs(units) > LARGEST:
        raise OutOfBounds(TOO_LARGE, amount=_shown(amount))
    return units


def _shown(amount: Decimal) -> str:
    return f"{amount:f}" if amount.is_finite() and amount.adjusted() < 30 else f"{amount:E}"
