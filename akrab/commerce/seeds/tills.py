"""What the tills print: arrays of visits and baskets become receipts, with discounts, tenders and rounding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

import numpy as np

from akrab.commerce.queries.messages import LineMessage, ReceiptMessage, TenderMessage
from akrab.commerce.seeds.baskets import Baskets
from akrab.commerce.seeds.catalog import ITEMS, PLACES, WEB
from akrab.commerce.seeds.people import Faces
from akrab.commerce.seeds.population import CARD, FIRM, Ints
from akrab.commerce.seeds.visits import Visits

ZERO = Decimal(0)
DELIVERY_SHARE = (0.12, 0.08, 0.04)
FREE_SHIPPING_FROM = 250_000
_STORE_TENDERS = (("cash", 0.28), ("qris", 0.72), ("card", 0.86), ("ewallet", 1.0))
_WEB_TENDERS = (("transfer", 0.3), ("ewallet", 0.72), ("card", 1.0))


@dataclass(frozen=True, slots=True)
class Sold:
    """A receipt with what a later return or till closing needs of it."""

    message: ReceiptMessage
    place: int
    customer: int
    off: int
    goods: tuple[tuple[int, int], ...]
    total: int


@lru_cache(maxsize=200_000)
def line_of(product: int, quantity: int, price: int, off: int) -> tuple[LineMessage, int]:
    """A line and its amount in rupiah: a percentage off, and 11 % tax within."""
    item, gross = ITEMS[product], abs(quantity) * price
    discount = gross * off // 100
    amount = gross - discount
    line = LineMessage(
        sku=item.sku,
        name=item.name,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        discount=Decimal(discount),
        tax=Decimal(round(amount * 11 / 111)),
        cost=Decimal(item.cost * abs(quantity)),
    )
    return line, amount if quantity > 0 else -amount


@lru_cache(maxsize=200_000)
def rupiah(amount: int) -> Decimal:
    return Decimal(amount)


@lru_cache(maxsize=100_000)
def paid(method: str, amount: int) -> tuple[TenderMessage, ...]:
    return (TenderMessage(method, rupiah(amount)),)


def price_on(product: int, on: date, last: date) -> int:
    """Prices rise by about five percent each January; the catalog holds the newest."""
    return round(ITEMS[product].price * (1 - 0.05 * (last.year - on.year)) / 500) * 500


def discounts(visits: Visits, known_by: Ints, on: date, chance: np.random.Generator) -> Ints:
    """Percent off: members on Mondays, web orders around payday, firms always."""
    member = (visits.customer >= 0) & ((known_by[visits.customer] & CARD) > 0) & (visits.place != WEB)
    off = np.where(member & (on.weekday() == 0), 10, 0)
    payday = on.day >= 25
    off = np.where((visits.place == WEB) & payday & (chance.random(len(off)) < 0.4), 15, off)
    return np.where(visits.behavior == FIRM, 8, off).astype(np.int32)


def ring_up(
    visits: Visits, baskets: Baskets, faces: Faces, *, day: int, on: date, last: date, chance: np.random.Generator
) -> Iterator[Sold]:
    """The receipts of a day, in the order of place and time."""
    count = len(visits.place)
    off = discounts(visits, faces.people.known_by, on, chance).tolist()
    pay, lot, kept = chance.random(count).tolist(), chance.random(count).tolist(), chance.random(count).tolist()
    bounds = np.searchsorted(baskets.receipt, np.arange(count + 1)).tolist()
    products, quantities = baskets.product.tolist(), baskets.quantity.tolist()
    places, customers, seconds = visits.place.tolist(), visits.customer.tolist(), visits.second.tolist()
    prices = [price_on(product, on, last) for product in range(len(ITEMS))]
    midnight, stamp = datetime(on.year, on.month, on.day), on.strftime("%y%m%d")  # noqa: DTZ001 - local time of the branch
    serial = [0] * len(PLACES)
    for index in range(count):
        place, customer = places[index], customers[index]
        serial[place] += 1
        goods = tuple(
            zip(products[bounds[index] : bounds[index + 1]], quantities[bounds[index] : bounds[index + 1]], strict=True)
        )
        lines = [line_of(product, quantity, prices[product], off[index]) for product, quantity in goods]
        amount = sum(part for _line, part in lines)
        firm = off[index] == 8
        delivered = not firm and place != WEB and lot[index] < DELIVERY_SHARE[place]
        shipping = 18_000 if place == WEB and amount < FREE_SHIPPING_FROM else 0
        method = "transfer" if firm else "ewallet" if delivered else _method(place, pay[index], customer)
        rounding = -(amount % 100) if method == "cash" else 0
        total = amount + shipping + rounding
        message = ReceiptMessage(
            branch=PLACES[place].code,
            number=f"{PLACES[place].code[:3]}-{stamp}-{serial[place]:04d}",
            occurred_at=midnight + timedelta(seconds=seconds[index]),
            currency="IDR",
            lines=tuple([line for line, _part in lines]),
            tenders=paid(method, total),
            terminal="" if place == WEB else "2" if lot[index] > 0.7 else "1",
            channel="phone" if firm else "delivery" if delivered else "",
            contact=faces.shown(customer, day, online=place == WEB, draw=kept[index]) if customer >= 0 else None,
            shipping=rupiah(shipping),
            rounding=rupiah(rounding),
        )
        yield Sold(message, place, customer, off[index], goods, total)


def _method(place: int, draw: float, customer: int) -> str:
    tenders: Sequence[tuple[str, float]] = _WEB_TENDERS if place == WEB else _STORE_TENDERS
    if customer < 0:
        draw *= 0.85  # strangers pay cash more often
    return next(method for method, upto in tenders if draw < upto)
