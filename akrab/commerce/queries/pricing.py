"""The amounts of a receipt: line nets, discount allocated to the last unit, tax, total, content hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from functools import lru_cache

from akrab.commerce.queries.bounds import (
    BRANCH,
    CATEGORY,
    LARGEST,
    METHOD,
    NAME,
    NUMBER,
    SKU,
    TERMINAL,
    TOO_LARGE,
    WITH_NUL,
    OutOfBounds,
    check_text,
    minor,
)
from akrab.commerce.queries.messages import (
    CHANNELS,
    KINDS,
    LINE_KINDS,
    LineMessage,
    ReceiptMessage,
    ReceiptProblem,
)
from akrab.platform.money import allocate, exponent, to_decimal
from akrab.platform.tabular.sentences import gettext_noop

_TEXTS = (
    ("number", NUMBER),
    ("branch", BRANCH),
    ("terminal", TERMINAL),
    ("original_number", NUMBER),
    ("original_branch", BRANCH),
    ("original_terminal", TERMINAL),
)
LAST_REVISION = 2**31 - 1


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line in minor units, signed: what came back is negative."""

    message: LineMessage
    quantity: Decimal
    discount: int
    net: int
    tax: int
    cost: int | None


@dataclass(frozen=True, slots=True)
class PricedReceipt:
    """A receipt whose amounts add up: total = net + tax + shipping + rounding."""

    message: ReceiptMessage
    lines: tuple[PricedLine, ...]
    net: int
    tax: int
    discount: int
    shipping: int
    rounding: int
    total: int
    paid_with_points: int
    tenders: tuple[tuple[str, int], ...]
    content_hash: str

    @property
    def unpaid(self) -> int:
        """What the payments leave open of the total; nothing when none are told."""
        return self.total - sum(amount for _method, amount in self.tenders) if self.tenders else 0

    @property
    def brought_back(self) -> int:
        """What the goods that came back in an exchange were worth."""
        return -sum(line.net for line in self.lines if line.net < 0) if self.message.kind == "exchange" else 0


def price(message: ReceiptMessage) -> PricedReceipt:
    """Check a message and compute its amounts; raises `ReceiptProblem` with the reason when it does not add up."""
    _check(message)
    ordered = sorted(message.lines, key=_canonical) if len(message.lines) > 1 else message.lines
    turn = _turn(message)
    lines = _price_lines(message, ordered, turn)
    shipping = minor(message.shipping, message.currency) * (turn or 1)
    rounding = minor(message.rounding, message.currency) * (turn or 1)
    net, tax = sum(line.net for line in lines), sum(line.tax for line in lines)
    total = net + tax + shipping + rounding
    discount = sum(line.discount for line in lines)
    for amount in (net, tax, discount, total):
        if abs(amount) > LARGEST:
            raise OutOfBounds(TOO_LARGE, amount=f"{to_decimal(amount, message.currency):f}")
    if message.total is not None:
        said = minor(message.total, message.currency)
        if said != total and not (turn and said == -total):
            raise ReceiptProblem(
                gettext_noop("The total of the receipt is %(said)s, but its lines add up to %(total)s."),
                said=f"{to_decimal(said, message.currency):f}",
                total=f"{to_decimal(total, message.currency):f}",
            )
    tenders = _tenders(message, total)
    points = sum(amount for method, amount in tenders if method == "points")
    return PricedReceipt(
        message,
        tuple(lines),
        net,
        tax,
        discount,
        shipping,
        rounding,
        total,
        points,
        tenders,
        _content_hash(message, ordered),
    )


def _tenders(message: ReceiptMessage, total: int) -> tuple[tuple[str, int], ...]:
    """Each payment in minor units; one without an amount paid what the others left."""
    paid = [None if one.amount is None else minor(one.amount, message.currency) for one in message.tenders]
    known = sum(amount for amount in paid if amount is not None)
    if message.kind == "return" and known * total < 0:
        paid, known = [None if amount is None else -amount for amount in paid], -known
    rest = total - known
    return tuple((one.method, rest if amount is None else amount) for one, amount in zip(message.tenders, paid, strict=True))


def _check(message: ReceiptMessage) -> None:
    if not message.number or not message.branch:
        raise ReceiptProblem(gettext_noop("A receipt needs a branch and a number."))
    exponent(message.currency)
    if message.kind not in KINDS:
        text = gettext_noop("“%(kind)s” is no kind of receipt: use sale, return, exchange, adjustment or void.")
        raise ReceiptProblem(text, kind=message.kind)
    if message.channel and message.channel not in CHANNELS:
        text = gettext_noop("“%(channel)s” is no channel: use store, web, marketplace, delivery or phone.")
        raise ReceiptProblem(text, channel=message.channel)
    if not message.lines and message.kind != "void":
        raise ReceiptProblem(gettext_noop("A receipt needs at least one line."))
    if message.kind == "void" and not message.original_number:
        raise ReceiptProblem(gettext_noop("A void must name the receipt that it voids."))
    for name, most in _TEXTS:
        check_text(getattr(message, name), most)
    for tender in message.tenders:
        check_text(tender.method, METHOD)
    if any("\0" in name or "\0" in text for name, text in message.attributes.items()):
        raise OutOfBounds(WITH_NUL)
    if not 0 <= message.revision <= LAST_REVISION:
        raise ReceiptProblem(gettext_noop("The revision %(revision)s is out of range."), revision=str(message.revision))


def _check_line(line: LineMessage) -> None:
    if line.kind not in LINE_KINDS:
        raise ReceiptProblem(gettext_noop("“%(kind)s” is no kind of line: use item, gift_card or deposit."), kind=line.kind)
    check_text(line.sku, SKU)
    check_text(line.name, NAME)
    check_text(line.category, CATEGORY)
    small = line.quantity.is_finite() and line.unit_price.is_finite()
    if not small or abs(line.quantity) >= 10**11 or abs(line.unit_price) >= 10**13:
        text = gettext_noop("The quantity or the price of %(product)s is too large.")
        raise ReceiptProblem(text, product=line.sku or line.name)


def _price_lines(message: ReceiptMessage, ordered: Sequence[LineMessage], turn: int) -> list[PricedLine]:
    currency, included = message.currency, message.tax_included
    if not message.discount:
        return [_price_line(line, 0, currency, turn, included) for line in ordered]
    for line in ordered:
        _check_line(line)
    amounts = [minor(line.quantity * line.unit_price, currency) for line in ordered]
    own = [abs(minor(line.discount, currency)) for line in ordered]
    room = [max(0, abs(amount) - mine) for amount, mine in zip(amounts, own, strict=True)]
    wanted = abs(minor(message.discount, currency))
    if wanted > sum(room):
        raise _discount_too_large(wanted, sum(room), currency)
    shares = allocate(wanted, room)
    return [_price_line(line, share, currency, turn, included) for line, share in zip(ordered, shares, strict=True)]


@lru_cache(maxsize=16_384)
def _price_line(line: LineMessage, share: int, currency: str, turn: int, included: bool) -> PricedLine:
    """One line, less its share of the receipt's discount; tills say the same lines again and again."""
    _check_line(line)
    amount = minor(line.quantity * line.unit_price, currency) * (turn or 1)
    own = abs(minor(line.discount, currency))
    if own > abs(amount):
        raise _discount_too_large(own, abs(amount), currency)
    sign = -1 if amount < 0 or (amount == 0 and (turn or line.quantity < 0)) else 1
    quantity = sign * abs(line.quantity) if turn else line.quantity
    tax = sign * abs(minor(line.tax, currency))
    discount = sign * (own + share)
    value = amount - discount
    net = value - tax if included else value
    cost = None if line.cost is None else sign * abs(minor(line.cost, currency))
    return PricedLine(line, quantity, discount, net, tax, cost)


def _turn(message: ReceiptMessage) -> int:
    """Whether a return must be turned to take away: -1 when its till writes what went back as positive, 1 when as negative.

    It is decided once for the document, so that a fee kept from a refund stays a fee. 0: the document is no return.
    """
    if message.kind != "return":
        return 0
    for line in message.lines:
        _check_line(line)
    return 1 if sum(line.quantity * line.unit_price for line in message.lines) < 0 else -1


def _discount_too_large(discount: int, amount: int, currency: str) -> ReceiptProblem:
    text = gettext_noop("The discount %(discount)s is larger than the amount %(amount)s that it comes off.")
    return ReceiptProblem(text, discount=f"{to_decimal(discount, currency):f}", amount=f"{to_decimal(amount, currency):f}")


def _canonical(line: LineMessage) -> tuple[object, ...]:
    return (line.position, line.sku, line.name, line.quantity, line.unit_price, line.discount)


def _content_hash(m: ReceiptMessage, ordered: Sequence[LineMessage]) -> str:
    contact = sorted(m.contact.identifiers) if m.contact else []
    moment = m.occurred_at.astimezone(UTC) if m.occurred_at.tzinfo else m.occurred_at
    header = (
        m.kind,
        m.channel,
        moment.isoformat(),
        m.currency,
        _figure(m.discount),
        _figure(m.shipping),
        _figure(m.rounding),
        m.tax_included,
        m.original_number,
        m.original_branch,
        m.original_terminal,
        str(m.original_on),
        sorted(m.attributes.items()),
        contact,
    )
    lines = [_said(line) for line in ordered]
    tenders = sorted((t.method, "" if t.amount is None else _figure(t.amount)) for t in m.tenders)
    return hashlib.md5(repr((header, lines, tenders)).encode(), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=16_384)
def _said(line: LineMessage) -> tuple[str, ...]:
    figures = (line.quantity, line.unit_price, line.discount, line.tax)
    return (line.sku, line.name, *map(_figure, figures), "" if line.cost is None else _figure(line.cost), line.kind)


def _figure(amount: Decimal) -> str:
    return str(amount.normalize()) if amount else "0"
