"""Rows of one receipt become one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_UP, Decimal
from functools import lru_cache

from akrab.commerce.intake.fields import LABELS
from akrab.commerce.queries.bounds import METHOD
from akrab.commerce.queries.messages import LineMessage, ReceiptMessage, ReceiptProblem, TenderMessage
from akrab.customers.public import Contact
from akrab.platform.importing.cells import SEPARATOR
from akrab.platform.money import to_decimal, to_minor
from akrab.platform.tabular.sentences import Sentence, gettext_noop

_KIND_WORDS = {
    "sale": "sale", "sales": "sale", "penjualan": "sale", "jual": "sale", "order": "sale", "invoice": "sale",
    "return": "return", "refund": "return", "credit": "return", "credit note": "return", "retur": "return",
    "pengembalian": "return", "exchange": "exchange", "tukar": "exchange", "penukaran": "exchange",
    "adjustment": "adjustment", "penyesuaian": "adjustment", "koreksi": "adjustment", "void": "void", "batal": "void",
}  # fmt: skip
WRONG_AMOUNT = gettext_noop("The amount %(said)s is not quantity times price (%(computed)s).")
_ZERO, _ONE = Decimal(0), Decimal(1)
_PRICE_STEP = Decimal("0.000001")
_REMEMBERED = 50_000

Text = Mapping[str, str]


@dataclass(slots=True)
class Assembler:
    """Makes messages from the canonical texts of one file."""

    header_names: Sequence[str]
    line_names: Sequence[str]
    attribute_names: Sequence[str]
    currency: str
    source: str
    channel: str = ""
    tax_included: bool = True
    prefixes: Mapping[str, str] = field(default_factory=dict)
    _lines: dict[tuple[str, str], LineMessage] = field(default_factory=dict)

    def message(
        self, *, branch: str, day: str, number: str, terminal: str, headers: Sequence[str], lines: Sequence[str]
    ) -> ReceiptMessage:
        """The receipt of these rows; raises `ReceiptProblem` when its rows contradict each other."""
        header = self._header(headers)
        currency = header.get("currency", "").upper() or self.currency
        made = tuple(self.line(text, currency) for text in lines)
        prices = header.get
        return ReceiptMessage(
            branch=branch,
            number=number,
            terminal=terminal,
            business_on=date.fromisoformat(day),
            occurred_at=datetime.fromisoformat(header["moment"]),
            currency=currency,
            kind=self._kind(prices("kind", ""), number, made),
            channel=prices("channel", "").lower() or self.channel,
            lines=made,
            tenders=_tenders(prices("tenders", ""), prices("tender", "")),
            contact=self._contact(header),
            discount=_amount(prices("receipt_discount", "")),
            shipping=_amount(prices("shipping", "")),
            rounding=_amount(prices("rounding", "")),
            total=_amount(header["receipt_total"]) if header.get("receipt_total") else None,
            tax_included=self.tax_included,
            original_number=prices("original", ""),
            attributes={name: header[f"@{name}"] for name in self.attribute_names if header.get(f"@{name}")},
        )

    def voided(self, headers: Sequence[str]) -> bool:
        return "voided" in self.header_names and bool(self._header(headers).get("voided"))

    def line(self, text: str, currency: str) -> LineMessage:
        known = self._lines.get((text, currency))
        if known is None:
            if len(self._lines) > _REMEMBERED:
                self._lines.clear()
            known = self._lines[text, currency] = self._make_line(text, currency)
        return known

    def _make_line(self, text: str, currency: str) -> LineMessage:
        get = dict(zip(self.line_names, text.split(SEPARATOR), strict=True)).get
        quantity = Decimal(get("quantity") or _ONE)
        discount = _amount(get("discount", ""))
        price, more = _price(get("price", ""), get("amount", ""), quantity, discount, currency)
        return LineMessage(
            sku=get("sku", ""),
            name=get("product", ""),
            quantity=quantity,
            unit_price=price,
            discount=discount + more,
            tax=_amount(get("tax", "")),
            cost=_amount(get("cost", "")) if get("cost") else None,
            category=get("category", ""),
            kind=get("line_kind", "").lower() or "item",
            position=int(Decimal(get("line") or 0)),
        )

    def _header(self, headers: Sequence[str]) -> dict[str, str]:
        if len(headers) == 1:
            return dict(zip(self.header_names, headers[0].split(SEPARATOR), strict=True))
        columns = zip(*(text.split(SEPARATOR) for text in headers), strict=True)
        return {name: _agreed(name, set(values)) for name, values in zip(self.header_names, columns, strict=True)}

    def _kind(self, said: str, number: str, lines: Sequence[LineMessage]) -> str:
        if said:
            return _KIND_WORDS.get(said.lower(), said.lower())
        for prefix, kind in self.prefixes.items():
            if number.startswith(prefix):
                return kind
        returning = not self.prefixes and all(line.quantity < 0 or line.unit_price < 0 for line in lines)
        return "return" if returning else "sale"

    def _contact(self, header: Text) -> Contact | None:
        given = header.get
        identifiers = [(kind, given(kind, "")) for kind in ("card", "phone", "email") if given(kind)]
        if given("customer_id"):
            identifiers.append(("external", f"{self.source}/{given('customer_id')}"))
        if not identifiers:
            return None
        return Contact(
            identifiers=tuple(identifiers), name=given("customer", ""), city=given("city", ""), country=given("country", "")
        )


def _agreed(name: str, values: set[str]) -> str:
    values.discard("")
    if name == "moment" or len(values) <= 1:
        return min(values, default="")
    if name.startswith("@"):
        return "; ".join(sorted(values))
    text = gettext_noop("The rows of this receipt disagree about the field “%(field)s”: %(values)s.")
    raise ReceiptProblem(text, field=Sentence(LABELS[name]), values=", ".join(sorted(values)[:5]))


def _price(price: str, amount: str, quantity: Decimal, discount: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """The unit price, and what must come off the line so that its amount is exact to the last unit."""
    if price:
        unit = Decimal(price)
        if amount:
            _compare(Decimal(amount), quantity * unit, discount, currency)
        return unit, _ZERO
    wanted = Decimal(amount or 0)
    if not quantity:
        raise ReceiptProblem(gettext_noop("A line with an amount needs a quantity that is not zero."))
    unit = wanted / quantity
    exact = unit.quantize(_PRICE_STEP)
    if to_minor(exact * quantity, currency) == to_minor(wanted, currency):
        return exact.normalize(), _ZERO
    exact = unit.quantize(_PRICE_STEP, ROUND_UP)
    over = abs(to_minor(exact * quantity, currency)) - abs(to_minor(wanted, currency))
    return exact, to_decimal(over, currency)


def _compare(said: Decimal, computed: Decimal, discount: Decimal, currency: str) -> None:
    possible = {to_minor(computed, currency), to_minor(computed - discount, currency)}
    if not any(abs(to_minor(said, currency) - one) <= 1 for one in possible):
        raise ReceiptProblem(WRONG_AMOUNT, said=f"{said:f}", computed=f"{computed:f}")


def _tenders(several: str, single: str) -> tuple[TenderMessage, ...]:
    if several:
        pairs = (part.rpartition("=") for part in several.split(";") if part.strip())
        return tuple(TenderMessage(method.strip()[:METHOD], Decimal(amount.strip())) for method, _sign, amount in pairs)
    return (TenderMessage(single[:METHOD], None),) if single else ()


@lru_cache(maxsize=65536)
def _amount(text: str) -> Decimal:
    return Decimal(text) if text else _ZERO
