"""What goes wrong after a sale: voids at the till, returns within two weeks, exchanges, returns without a receipt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import numpy as np

from akrab.commerce.queries.messages import ReceiptMessage
from akrab.commerce.seeds.catalog import ITEMS, PLACES
from akrab.commerce.seeds.population import FIRM
from akrab.commerce.seeds.tills import Sold, line_of, paid, price_on

VOIDED = 0.004
RETURNED = 0.0155
EXCHANGED = 0.14
BLIND = 0.2
WITHIN_DAYS = 14


@dataclass(slots=True)
class Afterwards:
    """Returns that are still to come, by the day on which the customer comes back."""

    last: date
    due: dict[int, list[tuple[Sold, float, date]]] = field(default_factory=lambda: defaultdict(list))

    def follow(self, sold: list[Sold], day: int, on: date, chance: np.random.Generator) -> Iterator[Sold]:
        """Void some receipts of the day at once, and remember those that will come back."""
        fate, wait, draw = (chance.random(len(sold)) for _ in range(3))
        for index in np.flatnonzero(fate < VOIDED + RETURNED).tolist():
            one = sold[index]
            if fate[index] < VOIDED:
                yield Sold(_void(one), one.place, one.customer, 0, (), -one.total)
            else:
                self.due[day + int(wait[index] * WITHIN_DAYS) + 1].append((one, float(draw[index]), on))

    def come_back(self, day: int, on: date) -> Iterator[Sold]:
        """The returns and exchanges of a day."""
        for number, (one, draw, bought_on) in enumerate(self.due.pop(day, []), start=1):
            at = datetime(on.year, on.month, on.day, 10 + int(draw * 10), number % 60)  # noqa: DTZ001 - local time
            yield self._back(one, draw, bought_on, at, f"{PLACES[one.place].code[:3]}-{on:%y%m%d}-R{number:03d}", on)

    def _back(self, one: Sold, draw: float, bought_on: date, at: datetime, number: str, on: date) -> Sold:
        product, quantity = one.goods[int(draw * 997) % len(one.goods)]
        some = quantity if draw < 0.8 else 1
        line, amount = line_of(product, some, price_on(product, bought_on, self.last), one.off)
        back = ReceiptMessage(
            branch=one.message.branch,
            number=number,
            occurred_at=at,
            currency="IDR",
            kind="return",
            lines=(line,),
            tenders=paid("cash", amount),
            terminal=one.message.terminal,
            original_number=one.message.number,
            original_on=bought_on,
            original_terminal=one.message.terminal,
        )
        if draw * 100 % 1 < BLIND:
            blind = replace(back, original_number="", original_on=None, original_terminal="")
            return Sold(blind, one.place, -1, 0, (), -amount)
        if draw * 1000 % 1 < EXCHANGED and one.customer != FIRM:
            return self._exchange(one, back, product, some, bought_on, on)
        return Sold(back, one.place, one.customer, 0, (), -amount)

    def _exchange(self, one: Sold, back: ReceiptMessage, product: int, some: int, bought_on: date, on: date) -> Sold:
        other = next(
            index
            for index in (*range(product + 1, len(ITEMS)), *range(product))
            if ITEMS[index].category == ITEMS[product].category
        )
        gone, less = line_of(product, -some, price_on(product, bought_on, self.last), one.off)
        came, more = line_of(other, some, price_on(other, on, self.last), 0)
        total = less + more
        message = replace(back, kind="exchange", lines=(gone, came), tenders=paid("cash", total))
        return Sold(message, one.place, one.customer, 0, (), total)


def _void(one: Sold) -> ReceiptMessage:
    return ReceiptMessage(
        branch=one.message.branch,
        number=f"{one.message.number}-B",
        currency="IDR",
        kind="void",
        occurred_at=one.message.occurred_at + timedelta(seconds=150),
        terminal=one.message.terminal,
        original_number=one.message.number,
        original_on=one.message.occurred_at.date(),
        original_terminal=one.message.terminal,
    )
