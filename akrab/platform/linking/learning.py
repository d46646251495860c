"""Learning the bits of each field from the records themselves: chance from random pairs, sameness by maximization."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from akrab.platform.linking.matching import Field, weighed

if TYPE_CHECKING:
    import duckdb

ROUNDS = 100
LEVELS = 3
TINY = 1e-4


def learn(con: duckdb.DuckDBPyConnection, fields: Sequence[Field], *, sample: int = 100_000) -> tuple[list[Field], float]:
    """The fields with learned bits, and the share of candidate pairs that are one person; after `compare`."""
    chance = _by_chance(con, fields, sample)
    columns = ", ".join(f"l{place}" for place in range(len(fields)))
    rows = con.execute(f"SELECT {columns}, count(*) FROM compared GROUP BY ALL ORDER BY ALL").fetchall()
    patterns = np.array([row[:-1] for row in rows], dtype=int)
    counts = np.array([row[-1] for row in rows], dtype=float)
    same, share = _maximize(patterns, counts, chance)
    return weighed(fields, same.tolist(), chance.tolist()), share


def _by_chance(con: duckdb.DuckDBPyConnection, fields: Sequence[Field], sample: int) -> np.ndarray[Any, Any]:
    """How often the levels occur among pairs of random records."""
    most = con.execute("SELECT count(*) FROM records").fetchall()[0][0]
    steps = max(1, min(most - 1, sample // max(most, 1)))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE shuffled AS SELECT *, row_number() OVER (ORDER BY hash(row)) - 1 AS place FROM records"
    )
    levels = ", ".join(f"{field.level()} AS l{place}" for place, field in enumerate(fields))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE by_chance AS SELECT {levels} FROM shuffled a, range(1, {steps + 1}) s(step) "
        f"JOIN shuffled b ON b.place = (a.place + s.step * 7919) % {most} WHERE a.row <> b.row"
    )
    found = np.full((len(fields), LEVELS), TINY)
    for place in range(len(fields)):
        for level, count in con.execute(f"SELECT l{place}, count(*) FROM by_chance WHERE l{place} >= 0 GROUP BY 1").fetchall():
            found[place, level] += count
    con.execute("DROP TABLE by_chance; DROP TABLE shuffled")
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _maximize(
    patterns: np.ndarray[Any, Any], counts: np.ndarray[Any, Any], chance: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], float]:
    """What is the same person's, and how many candidates are: among candidates that are not, chance is learned as well."""
    fields = patterns.shape[1]
    m = np.tile([0.05, 0.15, 0.8], (fields, 1))
    u = chance.copy()
    share = 0.1
    known = [patterns[:, one] >= 0 for one in range(fields)]
    for _round in range(ROUNDS):
        like_m = np.full(len(counts), np.log(share))
        like_u = np.full(len(counts), np.log(1 - share))
        for one in range(fields):
            rows = known[one]
            like_m[rows] += np.log(m[one, patterns[rows, one]])
            like_u[rows] += np.log(u[one, patterns[rows, one]])
        odds = 1 / (1 + np.exp(np.clip(like_u - like_m, -500, 500)))
        share = float(np.clip((odds * counts).sum() / counts.sum(), TINY, 1 - TINY))
        for one in range(fields):
            for table, weight in ((m, odds * counts), (u, (1 - odds) * counts)):
                sums = np.bincount(patterns[known[one], one], weights=weight[known[one]], minlength=LEVELS) + TINY
                table[one] = sums / sums.sum()
    return m, share
