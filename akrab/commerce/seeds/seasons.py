"""The calendar of the demo company: how busy each place is on each day, and at which hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import holidays
import numpy as np
from numpy.typing import NDArray

from akrab.commerce.seeds.catalog import PLACES, WEB, Place

Floats = NDArray[np.float64]

WEEKDAY_STORE = (0.92, 0.9, 0.94, 0.98, 1.1, 1.22, 1.12)
WEEKDAY_WEB = (1.08, 1.04, 1.02, 0.98, 0.9, 0.92, 1.06)
FASTING_DAYS = 30

_STORE_HOURS = {
    7: 5,
    8: 9,
    9: 8,
    10: 6,
    11: 6,
    12: 9,
    13: 8,
    14: 6,
    15: 7,
    16: 8,
    17: 7,
    18: 6,
    19: 6,
    20: 5,
    21: 3,
}
_FASTING_HOURS = {7: 0.3, 10: 0.4, 12: 0.5, 13: 0.5, 14: 0.6, 15: 1, 16: 3, 17: 9, 18: 12, 19: 9, 20: 10, 21: 9}
_WEB_HOURS = {
    0: 1,
    6: 1,
    8: 2,
    9: 3,
    10: 4,
    11: 4,
    12: 6,
    13: 5,
    14: 4,
    15: 4,
    16: 4,
    17: 4,
    18: 5,
    19: 8,
    20: 10,
    21: 9,
    22: 6,
    23: 3,
}


@dataclass(frozen=True, slots=True)
class Season:
    """What kind of day it is."""

    on: date
    fasting: bool
    gifts: bool
    december: bool
    mudik: bool


def holy_days(first: date, last: date) -> list[date]:
    """The first days of Lebaran in these years."""
    named = holidays.country_holidays("ID", years=range(first.year, last.year + 2), language="en_US")
    return sorted(day for day, name in named.items() if name.startswith("Eid al-Fitr") and "Second" not in name)


def seasons(first: date, last: date) -> list[Season]:
    """One entry for each day of the period."""
    lebaran = holy_days(first, last)
    return [_season(first + timedelta(days=step), lebaran) for step in range((last - first).days + 1)]


def _season(on: date, lebaran: list[date]) -> Season:
    to_go = min(((day - on).days for day in lebaran if (day - on).days >= -9), default=999)
    return Season(
        on=on,
        fasting=1 <= to_go <= FASTING_DAYS,
        gifts=1 <= to_go <= 12,
        december=on.month == 12 and on.day <= 26,
        mudik=-6 <= to_go <= 3,
    )


def busyness(calendar: list[Season]) -> Floats:
    """How busy each place (row) is on each day (column); a place's own average is 1."""
    days = len(calendar)
    table = np.array(
        [
            [_pull(place, index == WEB, season, step / days) for step, season in enumerate(calendar)]
            for index, place in enumerate(PLACES)
        ]
    )
    return np.asarray(table / table.mean(axis=1, keepdims=True))


def _pull(place: Place, web: bool, season: Season, grown: float) -> float:
    on = season.on
    pull = (WEEKDAY_WEB if web else WEEKDAY_STORE)[on.weekday()] * (0.88 + 0.24 * grown)
    if on.day >= 25 or on.day <= 3:
        pull *= 1.35 if web else 1.18
    if on.month in {11, 12, 1, 2, 3}:
        pull *= 1.08 if web else 0.94
    if season.december:
        pull *= 1.4 if place.city == "Jayapura" else 1.2
    if season.fasting:
        pull *= 1.15 if web else 1 - 0.2 * place.fasting
    if season.gifts:
        pull *= 1.7 if web else 1.3
    if season.mudik:
        pull *= {"Jakarta": 0.35, "": 0.3}.get(place.city, 0.85)
    return pull


def hour_chances(place: int, *, fasting: bool) -> Floats:
    """The chance of each local hour for a walk-in of a place; towns that fast are empty by day and full at night."""
    if place == WEB:
        return _spread(_WEB_HOURS)
    share = PLACES[place].fasting if fasting else 0.0
    return (1 - share) * _spread(_STORE_HOURS) + share * _spread(_FASTING_HOURS)


def _spread(weights: Mapping[int, float]) -> Floats:
    chances = np.array([weights.get(hour, 0.0) for hour in range(24)])
    return np.asarray(chances / chances.sum(), dtype=np.float64)
