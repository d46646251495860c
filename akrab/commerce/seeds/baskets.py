"""What is in each basket: a mission, a first product, what goes with it, quantities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from akrab.commerce.seeds.catalog import CATEGORIES, COMPLEMENTS, ITEMS, LAUNCHED, PLACE_OF, WEB
from akrab.commerce.seeds.population import FIRM, Ints
from akrab.commerce.seeds.seasons import Floats, Season

DRINK, MEAL, BEANS, GEAR, GOODS, GIFT = range(6)
FIRST = np.array(
    [  # the category of the first line, by mission
        [0.78, 0.22, 0, 0, 0, 0, 0],
        [0.55, 0.2, 0.25, 0, 0, 0, 0],
        [0.03, 0, 0, 0.97, 0, 0, 0],
        [0, 0, 0, 0.1, 0.9, 0, 0],
        [0.05, 0, 0, 0, 0.05, 0.9, 0],
        [0, 0, 0, 0.05, 0, 0.05, 0.9],
    ]
)
THEN = np.array(
    [  # the category of the following lines
        [0.5, 0.22, 0.27, 0.005, 0, 0.005, 0],
        [0.25, 0.15, 0.57, 0.02, 0, 0.01, 0],
        [0.1, 0.02, 0.08, 0.6, 0.17, 0.03, 0],
        [0.05, 0, 0.05, 0.5, 0.35, 0.05, 0],
        [0.3, 0.1, 0.2, 0.15, 0.05, 0.2, 0],
        [0.05, 0.03, 0.12, 0.35, 0.02, 0.08, 0.35],
    ]
)
_STORE = np.array([0.47, 0.4, 0.06, 0.02, 0.045, 0.005])
_WEB = np.array([0.0, 0.02, 0.63, 0.2, 0.12, 0.03])
GOES_WITH = np.full(len(ITEMS), -1)
GOES_WITH[[PLACE_OF[name] for name, _other in COMPLEMENTS]] = [PLACE_OF[other] for _name, other in COMPLEMENTS]
MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Baskets:
    """Lines of all receipts of a day: which receipt, which product, how many; sorted by receipt."""

    receipt: NDArray[np.int64]
    product: NDArray[np.int64]
    quantity: NDArray[np.int64]


def fill(
    place: Ints,
    behavior: Ints,
    favorite: Ints,
    season: Season,
    *,
    lines_each: float,
    launched: bool,
    chance: np.random.Generator,
) -> Baskets:
    """Fill one basket for each visit; `favorite` is -1 for strangers."""
    visits = len(place)
    mission = _missions(place, behavior, season, chance)
    first_of, then_of = _choices(FIRST, season, launched), _choices(THEN, season, launched)
    extra = np.minimum(chance.poisson(_extra_lines(mission, lines_each)), MOST_LINES - 1)
    first = _draw(first_of, mission, chance)
    usual = (favorite >= 0) & (mission <= MEAL) & (chance.random(visits) < 0.55)
    first = np.where(usual, favorite, first)
    owner = np.repeat(np.arange(visits), extra)
    more = _draw(then_of, mission[owner], chance)
    second = np.concatenate([[True], owner[1:] != owner[:-1]]) if len(owner) else np.zeros(0, dtype=bool)
    suits = GOES_WITH[first[owner]]
    more = np.where(second & (suits >= 0) & (chance.random(len(owner)) < 0.4), suits, more)
    return _merge(np.concatenate([np.arange(visits), owner]), np.concatenate([first, more]), behavior, chance)


def _missions(place: Ints, behavior: Ints, season: Season, chance: np.random.Generator) -> Ints:
    store, web = _STORE.copy(), _WEB.copy()
    if season.gifts or season.december:
        store[GIFT], web[GIFT] = 0.06, 0.35
    table = np.cumsum(np.array([store / store.sum(), web / web.sum()]), axis=1)
    draw = chance.random(len(place))
    mission = (draw[:, None] > table[(place == WEB).astype(int)]).sum(axis=1)
    return np.where(behavior == FIRM, BEANS, np.minimum(mission, GIFT)).astype(np.int32)


def _extra_lines(mission: Ints, lines_each: float) -> Floats:
    """How many lines are expected after the first."""
    busy = np.array([1.0, 1.35, 0.75, 0.6, 0.55, 0.7])[mission]
    return np.asarray((lines_each - 1) * busy, dtype=np.float64)


def _choices(categories: Floats, season: Season, launched: bool) -> Floats:
    """The running chance of every product for each mission."""
    weights = np.array([item.weight for item in ITEMS])
    if not launched:
        weights[LAUNCHED] = 0
    if not season.december:
        weights[PLACE_OF["Hampers Akhir Tahun"]] *= 0.02
    if not season.gifts:
        weights[[PLACE_OF["Hampers Lebaran Kecil"], PLACE_OF["Hampers Lebaran Besar"]]] *= 0.02
    names = [name for name, _prefix, _listing in CATEGORIES]
    kind = np.array([names.index(item.category) for item in ITEMS])
    sums = np.bincount(kind, weights, minlength=len(names))
    table = categories[:, kind] * (weights / sums[kind])
    return np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)


def _draw(running: Floats, mission: Ints, chance: np.random.Generator) -> NDArray[np.int64]:
    draw, found = chance.random(len(mission)), np.zeros(len(mission), dtype=np.int64)
    for each in range(len(running)):
        which = mission == each
        found[which] = np.searchsorted(running[each], draw[which], side="right")
    return np.minimum(found, len(ITEMS) - 1)


def _merge(receipt: NDArray[np.int64], product: NDArray[np.int64], behavior: Ints, chance: np.random.Generator) -> Baskets:
    """Equal products of one basket share a line; firms order in bulk."""
    each = np.where(chance.random(len(receipt)) < 0.1, 2, 1)
    firm = behavior[receipt] == FIRM
    each = np.where(firm, chance.integers(4, 25, len(receipt)), each)
    keys, place = np.unique(receipt * len(ITEMS) + product, return_inverse=True)
    quantity = np.bincount(place, each).astype(np.int64)
    return Baskets(keys // len(ITEMS), keys % len(ITEMS), quantity)
