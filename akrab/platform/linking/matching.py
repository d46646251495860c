"""Probabilistic record linkage after Fellegi and Sunter, on DuckDB: candidate pairs from blocks, evidence per field in bits.

Works on a relation `records(row BIGINT, ...)` with one text column per field; NULL says nothing for or against.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

DIFFERENT, CLOSE, SAME = 0, 1, 2
SAYS_NOTHING = -1

_CLOSE = {
    "exact": "false",
    "fuzzy": "jaro_winkler_similarity({a}, {b}) >= 0.88",
    "digits": "damerau_levenshtein({a}, {b}) <= 1",
    "date": ("damerau_levenshtein({a}, {b}) <= 1 OR ({a}[1:4] = {b}[1:4] AND {a}[6:7] = {b}[9:10] AND {a}[9:10] = {b}[6:7])"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """How two values are compared, and the bits for one person when they are same, close, different."""

    name: str
    how: str = "exact"
    same: float = 4.0
    close: float = 2.0
    different: float = -2.0

    def level(self, a: str = "a", b: str = "b") -> str:
        """SQL: the level of agreement."""
        left, right = f'{a}."{self.name}"', f'{b}."{self.name}"'
        close = _CLOSE[self.how].format(a=left, b=right)
        return (
            f"CASE WHEN {left} IS NULL OR {right} IS NULL THEN {SAYS_NOTHING} WHEN {left} = {right} THEN {SAME} "
            f"WHEN {close} THEN {CLOSE} ELSE {DIFFERENT} END"
        )


@dataclass(frozen=True, slots=True)
class Block:
    """Records with the same key are compared; `key` is SQL over a record, `name` says it in words."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A key that too many records share to say anything."""

    block: str
    key: str
    records: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records with their score in bits and the level of agreement of each field."""

    a: int
    b: int
    bits: float
    levels: tuple[int, ...]


def find_pairs(con: duckdb.DuckDBPyConnection, blocks: Sequence[Block], *, cap: int = 50) -> list[Dropped]:
    """Make `pairs(a, b)`, each once with a < b, from all blocks; keys of more than `cap` records are dropped and reported."""
    con.execute("CREATE OR REPLACE TEMP TABLE pairs (a BIGINT, b BIGINT)")
    dropped: list[Dropped] = []
    for block in blocks:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE keyed AS SELECT row, key, count(*) OVER (PARTITION BY key) AS many "
            f"FROM (SELECT row, {block.key} AS key FROM records) WHERE key IS NOT NULL AND key <> ''"
        )
        large = con.execute("SELECT DISTINCT key, many FROM keyed WHERE many > ? ORDER BY many DESC, key", [cap]).fetchall()
        dropped += [Dropped(block.name, str(key), many) for key, many in large]
        con.execute(
            "INSERT INTO pairs SELECT a.row, b.row FROM keyed a JOIN keyed b ON a.key = b.key AND a.row < b.row "
            "WHERE a.many <= ? AND a.many > 1",
            [cap],
        )
    con.execute("DROP TABLE keyed")
    con.execute("CREATE OR REPLACE TEMP TABLE pairs AS SELECT DISTINCT a, b FROM pairs")
    return dropped


def compare(con: duckdb.DuckDBPyConnection, fields: Sequence[Field]) -> None:
    """Make `compared(a, b, l0, l1, …)`: the level of agreement of each field of each pair."""
    levels = ", ".join(f"{field.level()} AS l{place}" for place, field in enumerate(fields))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE compared AS SELECT p.a, p.b, {levels} FROM pairs p "
        "JOIN records a ON a.row = p.a JOIN records b ON b.row = p.b"
    )


def bits_of(fields: Sequence[Field]) -> str:
    """SQL: the score of a compared pair."""
    return " + ".join(
        f"CASE l{place} WHEN {SAME} THEN {field.same} WHEN {CLOSE} THEN {field.close} "
        f"WHEN {DIFFERENT} THEN {field.different} ELSE 0 END"
        for place, field in enumerate(fields)
    )


def scored(con: duckdb.DuckDBPyConnection, fields: Sequence[Field], *, at_least: float) -> Iterator[Pair]:
    """The compared pairs from a score on, best first."""
    columns = ", ".join(f"l{place}" for place in range(len(fields)))
    found = con.execute(
        f"SELECT a, b, {bits_of(fields)} AS bits, {columns} FROM compared WHERE {bits_of(fields)} >= ? ORDER BY bits DESC, a, b",
        [at_least],
    )
    while rows := found.fetchmany(10_000):
        for row in rows:
            yield Pair(row[0], row[1], float(row[2]), tuple(row[3:]))


def weighed(fields: Sequence[Field], same: Sequence[Sequence[float]], chance: Sequence[Sequence[float]]) -> list[Field]:
    """The fields with bits from probabilities: per field, those of (different, close, same) among one person and by chance."""
    return [
        replace(
            field,
            different=_bits(m[DIFFERENT], u[DIFFERENT]),
            close=_bits(m[CLOSE], u[CLOSE]),
            same=_bits(m[SAME], u[SAME]),
        )
        for field, m, u in zip(fields, same, chance, strict=True)
    ]


def _bits(same: float, chance: float) -> float:
    return round(log2(max(same, 1e-6) / max(chance, 1e-6)), 3)
