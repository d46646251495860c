"""The customers of the demo company as arrays: who they are, when they come, and when they stop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from akrab.commerce.seeds.catalog import ITEMS, PLACES, WEB
from akrab.commerce.seeds.scale import ANONYMOUS, Scale
from akrab.commerce.seeds.seasons import Floats

Ints = NDArray[np.int32]

LOYAL, REGULAR, CASUAL, ONCE, LOST, WON_BACK, WEB_ONLY, MOVING, PROSPECT, FIRM = range(10)
SHARES = {
    LOYAL: 0.07,
    REGULAR: 0.16,
    CASUAL: 0.27,
    ONCE: 0.25,
    LOST: 0.11,
    WON_BACK: 0.02,
    WEB_ONLY: 0.07,
    MOVING: 0.02,
    PROSPECT: 0.03,
}
EAGERNESS = (1.0, 0.3, 0.05, 0.0, 0.28, 0.15, 0.07, 0.4, 0.0, 0.12)
PHONE, CARD, EMAIL, ACCOUNT = 1, 2, 4, 8
NEVER = 1 << 30
SHARE_OF_TRADE = np.array([place.share for place in PLACES])


@dataclass(frozen=True, slots=True)
class Population:
    """One entry per customer in every array; days count from the first day of the period."""

    behavior: Ints
    home: Ints
    moves_to: Ints
    moves_on: Ints
    begins: Ints
    ends: Ints
    away_from: Ints
    away_to: Ints
    rate: Floats
    online: Floats
    hour: Floats
    favorite: Ints
    known_by: Ints
    given: Ints
    second: Ints
    form: Ints
    town: Ints

    def place_on(self, day: int) -> Ints:
        return np.where(self.moves_on <= day, self.moves_to, self.home)

    def comes_on(self, day: int, busy: Floats, chance: np.random.Generator) -> Ints:
        """The customers that buy on a day: everybody on their first, then as they please."""
        here = (self.begins < day) & (day <= self.ends) & ~((self.away_from <= day) & (day < self.away_to))
        wish = np.minimum(self.rate * busy[self.place_on(day), day], 0.9)
        return np.flatnonzero((here & (chance.random(len(wish)) < wish)) | (self.begins == day)).astype(np.int32)


def populate(size: Scale, busy: Floats) -> Population:
    """Invent the customers of a scale."""
    chance = np.random.default_rng([size.seed, 1])
    count, days = size.customers, size.days
    behavior = chance.choice(list(SHARES), p=list(SHARES.values()), size=count).astype(np.int32)
    behavior[: size.firms] = FIRM
    contacts = behavior[size.firms : 3 * size.firms]
    contacts[contacts == PROSPECT] = CASUAL
    stores = SHARE_OF_TRADE[:WEB]
    home = chance.choice(WEB, p=stores / stores.sum(), size=count).astype(np.int32)
    home[behavior == WEB_ONLY] = WEB
    begins = _beginnings(behavior, SHARE_OF_TRADE @ busy, chance)
    lasting = np.where(behavior == LOST, chance.integers(20, 220, count), NEVER)
    ends = np.minimum(begins.astype(np.int64) + lasting, NEVER).astype(np.int32)
    away_from = np.where(behavior == WON_BACK, begins + chance.integers(20, 120, count), NEVER).astype(np.int32)
    away_to = np.where(behavior == WON_BACK, days - chance.integers(5, 80, count), NEVER).astype(np.int32)
    moves_on = np.where(behavior == MOVING, begins + chance.integers(60, 400, count), NEVER).astype(np.int32)
    online = _online(behavior, chance)
    habits = chance.choice([8.0, 12.5, 16.0, 19.5], p=[0.35, 0.25, 0.22, 0.18], size=count)
    people = Population(
        behavior=behavior,
        home=home,
        moves_to=((home + 1 + chance.integers(0, 2, count)) % WEB).astype(np.int32),
        moves_on=moves_on,
        begins=begins,
        ends=ends,
        away_from=away_from,
        away_to=away_to,
        rate=np.array(EAGERNESS)[behavior] * chance.gamma(2.0, 0.5, count),
        online=online,
        hour=habits,
        favorite=_favorites(count, chance),
        known_by=_identifiers(behavior, online, chance),
        given=chance.integers(0, 1 << 20, count).astype(np.int32),
        second=chance.integers(0, 1 << 20, count).astype(np.int32),
        form=chance.integers(0, 100, count).astype(np.int32),
        town=chance.integers(0, 1 << 20, count).astype(np.int32),
    )
    people.rate[:] *= _pace(people, size, busy)
    return people


def _beginnings(behavior: Ints, trade: Floats, chance: np.random.Generator) -> Ints:
    """A third knew the company before the period; the rest come first when trade is good."""
    days, count = len(trade), len(behavior)
    later = np.searchsorted(np.cumsum(trade / trade.sum()), chance.random(count))
    before = chance.integers(0, min(45, days), count)
    begins = np.where(chance.random(count) < 0.33, before, later)
    early = np.isin(behavior, [WON_BACK, FIRM])
    begins = np.where(early, before, begins)
    begins = np.where(behavior == MOVING, begins // 3, begins)
    return np.minimum(begins, days - 1).astype(np.int32)


def _online(behavior: Ints, chance: np.random.Generator) -> Floats:
    both = chance.random(len(behavior)) < 0.2
    share = np.where(both & (behavior != ONCE), 0.25, 0.0)
    return np.where(behavior == WEB_ONLY, 1.0, share)


def _favorites(count: int, chance: np.random.Generator) -> Ints:
    drinks = [index for index, item in enumerate(ITEMS) if item.category in {"Kopi", "Minuman Lain"}]
    weights = np.array([ITEMS[index].weight for index in drinks])
    return chance.choice(drinks, p=weights / weights.sum(), size=count).astype(np.int32)


def _identifiers(behavior: Ints, online: Floats, chance: np.random.Generator) -> Ints:
    count = len(behavior)
    known = np.where(chance.random(count) < 0.72, PHONE, 0)
    known |= np.where(chance.random(count) < np.where(np.isin(behavior, [LOYAL, REGULAR]), 0.6, 0.25), CARD, 0)
    known |= np.where(chance.random(count) < 0.3, EMAIL, 0)
    known |= np.where(online > 0, ACCOUNT | EMAIL, 0)
    known = np.where(behavior == WEB_ONLY, known & ~CARD, known)
    known = np.where(np.isin(behavior, [FIRM, PROSPECT]), EMAIL | PHONE, known)
    return np.where(known == 0, PHONE, known).astype(np.int32)


def _pace(people: Population, size: Scale, busy: Floats) -> float:
    """The factor on all rates that makes the identified receipts meet the scale."""
    running = np.concatenate([np.zeros((busy.shape[0], 1)), np.cumsum(busy, axis=1)], axis=1)
    last = size.days

    def between(start: Ints, end: Ints) -> Floats:
        place = people.home
        return np.asarray(running[place, np.minimum(end, last)] - running[place, np.minimum(start, last)])

    present = between(people.begins + 1, np.minimum(people.ends, NEVER - 1) + 1)
    absent = between(people.away_from, np.maximum(people.away_to, people.away_from))
    present -= np.where(people.away_to < NEVER, absent, 0.0)
    buyers = np.count_nonzero(people.behavior != PROSPECT)
    wanted = max(size.receipts * (1 - ANONYMOUS) - buyers, 0)
    return float(wanted / max((people.rate * present).sum(), 1e-12))
