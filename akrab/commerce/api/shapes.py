"""The shape of receipts over the API: a till says amounts as decimals, and reads them back as decimal texts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from akrab.commerce.queries.documents import ChannelName, CustomerFrom, ReceiptKind, ReceiptStatus
from akrab.commerce.queries.messages import LineMessage, ReceiptMessage, TenderMessage
from akrab.customers.public import Contact
from akrab.platform.api.shapes import Day, Flag, Input, Instant, Moment, Text, Whole

IdentifierKind = Literal["account", "card", "phone", "whatsapp", "email", "external", "device"]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217, for example IDR.")]
Amount = Annotated[Decimal, Field(max_digits=19, decimal_places=6, description='A decimal, best as a text: "12500.00".')]
Quantity = Annotated[Decimal, Field(max_digits=15, decimal_places=4)]
ShortText = Annotated[str, Field(max_length=60)]
LongText = Annotated[str, Field(max_length=500)]
NOUGHT = Decimal(0)


class IdentifierIn(Input):
    """Something that points to one customer."""

    kind: IdentifierKind
    value: Annotated[Text, Field(max_length=254)]


class ReceiptCustomerIn(Input):
    """Who bought: what identifies them, and a name for a customer who is new."""

    identifiers: Annotated[list[IdentifierIn], Field(max_length=20)] = []
    phone: Annotated[Text, Field(max_length=40)] = ""
    email: Annotated[Text, Field(max_length=254)] = ""
    card: Annotated[Text, Field(max_length=80)] = ""
    name: Annotated[Text, Field(max_length=200)] = ""
    kind: Literal["person", "company"] = "person"
    city: Annotated[Text, Field(max_length=100)] = ""
    country: Annotated[Text, Field(max_length=60)] = ""


class ClaimIn(ReceiptCustomerIn):
    """Who claims: a phone number, an e-mail address or a card."""


class LineIn(Input):
    """One line; `discount`, `tax` and `cost` are amounts of the whole line."""

    sku: Annotated[Text, Field(max_length=80)] = ""
    name: Annotated[Text, Field(max_length=300)] = ""
    quantity: Quantity = Decimal(1)
    unit_price: Amount
    discount: Amount = NOUGHT
    tax: Amount = NOUGHT
    cost: Amount | None = None
    category: Annotated[Text, Field(max_length=120)] = ""
    kind: Literal["item", "gift_card", "deposit"] = "item"


class TenderIn(Input):
    """One payment; `points` is money paid with loyalty points. Without an amount it paid the rest."""

    method: Annotated[Text, Field(min_length=1, max_length=20)]
    amount: Amount | None = None


class OriginalIn(Input):
    """The document that a return, exchange or void refers to; the number alone is often enough."""

    number: Annotated[Text, Field(min_length=1, max_length=80)]
    branch: Annotated[Text, Field(max_length=60)] = ""
    terminal: Annotated[Text, Field(max_length=40)] = ""
    on: Day | None = None


class ReceiptIn(Input):
    """One document of a till or shop. Branch, terminal, business date and number together are its key.

    `occurred_at` without an offset is local time of the branch. The same document may be sent any number of times, and
    in any order; other content under the same key is a correction, unless its `revision` is older.
    """

    branch: Annotated[Text, Field(min_length=1, max_length=60, description="The code of the branch.")]
    number: Annotated[Text, Field(min_length=1, max_length=80)]
    occurred_at: Moment
    currency: Currency
    kind: ReceiptKind = "sale"
    lines: Annotated[list[LineIn], Field(max_length=2000)] = []
    tenders: Annotated[list[TenderIn], Field(max_length=50)] = []
    terminal: Annotated[Text, Field(max_length=40)] = ""
    business_on: Day | None = None
    channel: ChannelName | None = None
    customer: ReceiptCustomerIn | None = None
    discount: Amount = NOUGHT
    shipping: Amount = NOUGHT
    rounding: Amount = NOUGHT
    total: Amount | None = None
    tax_included: Flag = True
    original: OriginalIn | None = None
    revision: Annotated[Whole, Field(ge=0, le=1_000_000)] = 0
    sent_at: Instant | None = None
    attributes: Annotated[dict[ShortText, LongText], Field(max_length=50)] = {}


def receipt_message(given: ReceiptIn) -> ReceiptMessage:
    """What a till sent, as the operation takes it."""
    original = given.original
    return ReceiptMessage(
        branch=given.branch,
        number=given.number,
        occurred_at=given.occurred_at,
        currency=given.currency,
        kind=given.kind,
        lines=tuple(
            LineMessage(
                line.sku,
                line.name,
                line.quantity,
                line.unit_price,
                line.discount,
                line.tax,
                line.cost,
                line.category,
                line.kind,
                position,
            )
            for position, line in enumerate(given.lines, start=1)
        ),
        tenders=tuple(TenderMessage(one.method, one.amount) for one in given.tenders),
        terminal=given.terminal,
        business_on=given.business_on,
        channel=given.channel or "",
        contact=contact_of(given.customer) if given.customer else None,
        discount=given.discount,
        shipping=given.shipping,
        rounding=given.rounding,
        total=given.total,
        tax_included=given.tax_included,
        original_number=original.number if original else "",
        original_branch=original.branch if original else "",
        original_terminal=original.terminal if original else "",
        original_on=original.on if original else None,
        revision=given.revision,
        sent_at=given.sent_at,
        attributes=given.attributes,
    )


def contact_of(given: ReceiptCustomerIn) -> Contact:
    """What the till knows of the customer."""
    short = (("phone", given.phone), ("email", given.email), ("card", given.card))
    identifiers = tuple((one.kind, one.value) for one in given.identifiers) + tuple(pair for pair in short if pair[1])
    return Contact(identifiers=identifiers, name=given.name, kind=given.kind, city=given.city, country=given.country)


class Line(TypedDict):
    """One line of a receipt; `net` is after discount and without tax, negative when goods came back."""

    line: int
    kind: str
    sku: str
    name: str
    product_id: UUID | None
    quantity: str
    unit_price: str
    discount: str
    net: str
    tax: str
    cost: str | None


class Tender(TypedDict):
    method: str
    amount: str


class Original(TypedDict):
    """What a return, exchange or void refers to; `id` is null while that has not arrived."""

    id: UUID | None
    number: str
    branch: str
    terminal: str
    on: date | None


class Receipt(TypedDict):
    """One document with its figures; amounts are decimal texts in `currency`, those of a return are negative."""

    id: UUID
    branch: str
    terminal: str
    number: str
    business_on: date
    occurred_at: datetime
    received_at: datetime
    kind: ReceiptKind
    status: ReceiptStatus
    channel: ChannelName
    customer_id: UUID | None
    customer_from: CustomerFrom
    currency: str
    net: str
    tax: str
    discount: str
    shipping: str
    rounding: str
    total: str
    paid_with_points: str
    returned: str
    tax_included: bool
    original: Original | None
    revision: int
    source: str
    attributes: dict[str, str]
    lines: list[Line]
    tenders: list[Tender]


class ReceiptPage(TypedDict):
    items: list[Receipt]
    next: str | None


FIELDS = frozenset(Receipt.__annotations__)
