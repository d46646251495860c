"""How big a demo company is: customers, receipts, period and seed, which together decide every receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ANONYMOUS = 0.45
BIG_FROM = 200_000


@dataclass(frozen=True, slots=True)
class Scale:
    """The same scale makes the same company, receipt by receipt.

    Up to 200,000 customers each brings 12 receipts of 3.3 lines, the anonymous ones counted with them; a bigger chain has
    more passers-by: 5 receipts of 2.4 lines.
    """

    customers: int
    seed: int
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def years(self) -> float:
        return self.days / 365.25

    @property
    def receipts(self) -> int:
        return int(self.customers * (12 if self.customers < BIG_FROM else 5) * self.years / 2)

    @property
    def lines_each(self) -> float:
        return 3.3 if self.customers < BIG_FROM else 2.4

    @property
    def firms(self) -> int:
        return min(200, max(2, self.customers // 400))


def scale(*, customers: int = 5000, years: int = 2, seed: int = 1, until: date) -> Scale:
    """The period of whole years that ends with `until`."""
    leap = (until.month, until.day) == (2, 29)
    before = until.replace(year=until.year - years, day=28 if leap else until.day)
    return Scale(customers, seed, before + timedelta(days=1), until)
