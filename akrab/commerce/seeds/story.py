"""The story of the demo company, day by day, in bounded memory: who registers, which receipts, what the tills count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from akrab.commerce.queries.messages import ReceiptMessage
from akrab.commerce.seeds.baskets import fill
from akrab.commerce.seeds.catalog import PLACES
from akrab.commerce.seeds.people import Faces
from akrab.commerce.seeds.population import PROSPECT, Population, populate
from akrab.commerce.seeds.returns import Afterwards
from akrab.commerce.seeds.scale import Scale
from akrab.commerce.seeds.seasons import busyness, seasons
from akrab.commerce.seeds.tills import Sold, ring_up
from akrab.commerce.seeds.visits import visits_of
from akrab.customers.public import Contact

LAUNCH = 0.62


@dataclass(slots=True)
class Day:
    """One day: its receipts in the order of each till, what each till counted, and who asked to be kept informed."""

    on: date
    messages: list[ReceiptMessage] = field(default_factory=list)
    counted: dict[str, tuple[int, int]] = field(default_factory=dict)
    prospects: list[Contact] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """The whole company of one scale; the same scale tells the same story."""

    size: Scale
    faces: Faces

    def days(self) -> Iterator[Day]:
        size, people = self.size, self.faces.people
        calendar = seasons(size.first, size.last)
        busy, later = busyness(calendar), Afterwards(size.last)
        newcomers = _by_day(people)
        for day, season in enumerate(calendar):
            chance = np.random.default_rng([size.seed, 2, day])
            visits = visits_of(day, people, busy, season, size, chance)
            baskets = fill(
                visits.place,
                visits.behavior,
                visits.favorite,
                season,
                lines_each=size.lines_each,
                launched=day >= LAUNCH * size.days,
                chance=chance,
            )
            sold = list(ring_up(visits, baskets, self.faces, day=day, on=season.on, last=size.last, chance=chance))
            sold += [*later.follow(sold, day, season.on, chance), *later.come_back(day, season.on)]
            prospects = [self.faces.full(customer) for customer in newcomers.get(day, ())]
            yield Day(season.on, [one.message for one in sold], _counted(sold), prospects)


def tell(size: Scale) -> Story:
    """Invent the customers of a scale; their days follow when they are asked for."""
    return Story(size, Faces(populate(size, busyness(seasons(size.first, size.last)))))


def _by_day(people: Population) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for customer in np.flatnonzero(people.behavior == PROSPECT).tolist():
        found.setdefault(int(people.begins[customer]), []).append(customer)
    return found


def _counted(sold: list[Sold]) -> dict[str, tuple[int, int]]:
    """Documents and total of each place's day; a void takes its receipt out and is none itself."""
    counts, totals = [0] * len(PLACES), [0] * len(PLACES)
    for one in sold:
        counts[one.place] += -1 if one.message.kind == "void" else 1
        totals[one.place] += one.total
    return {place.code: (counts[index], totals[index]) for index, place in enumerate(PLACES)}
