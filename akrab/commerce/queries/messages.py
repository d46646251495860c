"""The shape of an incoming receipt, as a till or shop says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from akrab.customers.public import Contact
from akrab.platform.refusal import Explained

KINDS = frozenset({"sale", "return", "exchange", "adjustment", "void"})
CHANNELS = frozenset({"store", "web", "marketplace", "delivery", "phone"})
LINE_KINDS = frozenset({"item", "gift_card", "deposit"})


@dataclass(frozen=True, slots=True)
class LineMessage:
    """One line as the till says it; `discount`, `tax` and `cost` are decimal amounts of the whole line."""

    sku: str = ""
    name: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    cost: Decimal | None = None
    category: str = ""
    kind: str = "item"
    position: int = 0


@dataclass(frozen=True, slots=True)
class TenderMessage:
    """One payment; the method `points` is money paid with loyalty points. Without an amount it paid the rest."""

    method: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class ReceiptMessage:
    """One document of a till or shop. `occurred_at` without an offset is local time of the branch.

    The natural key is branch, terminal, business date and number. `original_number` (with branch, terminal, date when the
    number alone is not enough) names the document that a return, exchange or void refers to. `sent_at` is the till's own clock
    when it sent the message, from which the skew of that clock is kept.
    """

    branch: str
    number: str
    occurred_at: datetime
    currency: str
    kind: str = "sale"
    lines: tuple[LineMessage, ...] = ()
    tenders: tuple[TenderMessage, ...] = ()
    terminal: str = ""
    business_on: date | None = None
    channel: str = ""
    contact: Contact | None = None
    discount: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    rounding: Decimal = Decimal(0)
    total: Decimal | None = None
    tax_included: bool = True
    original_number: str = ""
    original_branch: str = ""
    original_terminal: str = ""
    original_on: date | None = None
    revision: int = 0
    sent_at: datetime | None = None
    attributes: dict[str, str] = field(default_factory=dict)


class ReceiptProblem(Explained):
    """Why one receipt cannot be taken; the others of its batch are."""

    code = "receipt_invalid"
    status = 422
