"""Who comes on a day, where and when: known customers by their habits, strangers by the season."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from akrab.commerce.seeds.catalog import PLACES, WEB
from akrab.commerce.seeds.population import CASUAL, FIRM, PROSPECT, SHARE_OF_TRADE, Ints, Population
from akrab.commerce.seeds.scale import ANONYMOUS, Scale
from akrab.commerce.seeds.seasons import Floats, Season, hour_chances

OPENS, CLOSES = 7, 22


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits of a day by place and time; `customer` is -1 for a stranger, `second` the local time of day."""

    customer: Ints
    place: Ints
    second: Ints
    behavior: Ints
    favorite: Ints


def visits_of(day: int, people: Population, busy: Floats, season: Season, size: Scale, chance: np.random.Generator) -> Visits:
    """All visits of one day of the period."""
    known = people.comes_on(day, busy, chance)
    known = known[people.behavior[known] != PROSPECT]
    at = people.place_on(day)[known]
    at = np.where((chance.random(len(known)) < people.online[known]) & (people.behavior[known] != FIRM), WEB, at)
    walk_ins = _strangers(day, busy, size, chance)
    customer = np.concatenate([known, np.full(len(walk_ins), -1)]).astype(np.int32)
    place = np.concatenate([at, walk_ins]).astype(np.int32)
    behavior = np.where(customer >= 0, people.behavior[customer], CASUAL).astype(np.int32)
    habit = np.where((customer >= 0) & (place != WEB), people.hour[customer], -1.0)
    second = _moments(place, habit, season, chance)
    favorite = np.where(customer >= 0, people.favorite[customer], -1).astype(np.int32)
    order = np.lexsort((second, place))
    return Visits(customer[order], place[order], second[order], behavior[order], favorite[order])


def _strangers(day: int, busy: Floats, size: Scale, chance: np.random.Generator) -> Ints:
    """The places of the day's anonymous receipts; a web shop has none."""
    stores = SHARE_OF_TRADE[:WEB] / SHARE_OF_TRADE[:WEB].sum()
    expected = size.receipts * ANONYMOUS / size.days * stores * busy[:WEB, day]
    return np.repeat(np.arange(WEB), chance.poisson(expected)).astype(np.int32)


def _moments(place: Ints, habit: Floats, season: Season, chance: np.random.Generator) -> Ints:
    hour = np.zeros(len(place))
    for each in range(len(PLACES)):
        here = np.flatnonzero(place == each)
        hour[here] = chance.choice(24, p=hour_chances(each, fasting=season.fasting), size=len(here))
    fasts = np.array([spot.fasting if season.fasting else 0.0 for spot in PLACES])[place]
    usual = (habit >= 0) & (chance.random(len(place)) >= fasts)
    own = np.clip(habit + chance.normal(0, 1.2, len(place)), OPENS, CLOSES - 0.02)
    exact = np.where(usual, own, hour + chance.random(len(place)))
    return (exact * 3600).astype(np.int32)
