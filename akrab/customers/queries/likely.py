"""Pairs of customers who look like one: the rules as data, the records they compare, and the pairs with their evidence."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import md5
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from akrab.customers.tables.duplicates import DuplicateRule
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.later import Later
from akrab.platform.linking.matching import Block, Dropped, Field, compare, find_pairs, scored
from akrab.platform.models import Setting
from akrab.platform.operation import require

if TYPE_CHECKING:
    import duckdb
else:
    duckdb = Later("duckdb")

SETTING = "customers.duplicates"
REVIEW_FROM, SURE_FROM = 10.0, 18.0
BLOCK_CAP = 50

_LEGAL = r"\m(pt|cv|ud|tbk|persero|ltd|limited|inc|llc|gmbh|bv|pte|sdn|bhd|corp|co|company)\M"
_WORDS = "(SELECT string_agg(w, ' ' ORDER BY w) FROM regexp_split_to_table(regexp_replace({0}, '[^a-z0-9]+', ' ', 'g'), ' ') w)"
_RECORDS = f"""
SELECT row_number() OVER (ORDER BY c.id), c.id, c.kind,
    CASE c.kind WHEN 'person' THEN trim({_WORDS.format("c.name_key")}) END,
    CASE c.kind WHEN 'company' THEN
        trim(regexp_replace(regexp_replace(c.name_key, '{_LEGAL}', ' ', 'g'), '[^a-z0-9]+', ' ', 'g')) END,
    nullif(regexp_replace(regexp_replace(c.phone, '[^0-9]', '', 'g'), '^(62|0)', ''), ''),
    nullif(lower(trim(c.email)), ''), c.born_on::text,
    nullif(trim(regexp_replace(akrab_normal(c.address), '[^a-z0-9]+', ' ', 'g')), ''),
    nullif(trim(akrab_normal(c.city)), '')
FROM customers_customer c WHERE c.trashed_at IS NULL
"""
_COLUMNS = ("row", "id", "kind", "name", "company", "phone", "email", "born", "address", "city")
_TYPES = {"row": "BIGINT", "id": "VARCHAR"}

BLOCKS = (
    Block("phone", "phone"),
    Block("e-mail", "email"),
    Block("name", "kind || name"),
    Block("company", "kind || company"),
    Block("start of the company", "CASE WHEN length(company) >= 6 THEN company[1:6] || coalesce(city, '') END"),
    Block("day of birth and initial", "born || name[1:2]"),
    Block("address", "CASE WHEN length(address) >= 10 THEN kind || address END"),
    Block("end of the phone and initial", "CASE WHEN length(phone) >= 8 THEN phone[-6:] || coalesce(name, company)[1:2] END"),
    Block("start of the phone and initial", "CASE WHEN length(phone) >= 8 THEN phone[1:7] || coalesce(name, company)[1:3] END"),
    Block("name of the mail address", "CASE WHEN length(split_part(email, '@', 1)) >= 6 THEN split_part(email, '@', 1) END"),
    Block("start of the name and city", "CASE WHEN length(name) >= 6 AND city IS NOT NULL THEN name[1:6] || city END"),
)


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two customers, a before b; `evidence` maps each compared field to its level (0 different, 1 close, 2 same) and bits."""

    a: UUID
    b: UUID
    bits: float
    evidence: Sequence[Mapping[str, Any]]
    keys: str


@dataclass(frozen=True, slots=True)
class Likely:
    """What a scan found, and how much it looked at; `dropped` are keys that too many records share."""

    pairs: list[LikelyPair]
    records: int
    compared: int
    dropped: list[Dropped] = field(default_factory=list)


def rules() -> list[DuplicateRule]:
    """The rules in use."""
    return list(DuplicateRule.objects.filter(is_active=True).order_by("kind", "field"))


def thresholds() -> tuple[float, float]:
    """From how many bits a pair is shown, and from how many it is sure."""
    found = Setting.objects.filter(name=SETTING).values_list("value", flat=True).first() or {}
    return float(found.get("review_from", REVIEW_FROM)), float(found.get("sure_from", SURE_FROM))


def likely_pairs(*, by: Actor, review_from: float | None = None, cap: int = BLOCK_CAP) -> Likely:
    """Compare all customers with each other, within blocks; nothing is written."""
    require(by, "customers.merge_customers")
    least = thresholds()[0] if review_from is None else review_from
    given = rules()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        count = _load(con, Path(folder) / "records.csv")
        dropped = find_pairs(con, BLOCKS, cap=cap)
        compared = con.execute("SELECT count(*) FROM pairs").fetchall()[0][0]
        pairs: list[LikelyPair] = []
        for kind in sorted({one.kind for one in given}):
            mine = [one for one in given if one.kind == kind]
            fields = [Field(one.field, one.how, one.same, one.close, one.different) for one in mine]
            con.execute("CREATE OR REPLACE TEMP TABLE all_pairs AS FROM pairs")
            con.execute(
                "CREATE OR REPLACE TEMP TABLE pairs AS SELECT p.* FROM all_pairs p JOIN records a ON a.row = p.a "
                "JOIN records b ON b.row = p.b WHERE a.kind = ? AND b.kind = ?",
                [kind, kind],
            )
            compare(con, fields)
            pairs += _told(con, fields, least)
            con.execute("CREATE OR REPLACE TEMP TABLE pairs AS FROM all_pairs")
    return Likely(pairs, count, compared, dropped)


def _load(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    command = f"COPY ({_RECORDS}) TO STDOUT (FORMAT csv, NULL '\\N', FORCE_QUOTE *)"
    with path.open("wb") as stream, connection.cursor() as cursor, cursor.copy(command) as copy:
        for block in copy:
            stream.write(block)
    columns = ", ".join(f"'{name}': '{_TYPES.get(name, 'VARCHAR')}'" for name in _COLUMNS)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE records AS FROM read_csv('{path}', columns={{{columns}}}, header=false, nullstr='\\N', "
        "quote='\"', escape='\"', delim=',', auto_detect=false, parallel=false)"
    )
    return int(con.execute("SELECT count(*) FROM records").fetchall()[0][0])


def _told(con: duckdb.DuckDBPyConnection, fields: Sequence[Field], least: float) -> list[LikelyPair]:
    found = list(scored(con, fields, at_least=least))
    wanted = sorted({row for one in found for row in (one.a, one.b)})
    con.execute("CREATE OR REPLACE TEMP TABLE wanted AS SELECT unnest(?::BIGINT[]) AS row", [wanted])
    names = ", ".join(f'r."{one.name}"' for one in fields)
    known = {
        row[0]: (UUID(row[1]), [value or "" for value in row[2:]])
        for row in con.execute(f"SELECT r.row, r.id, {names} FROM records r JOIN wanted USING (row)").fetchall()
    }
    pairs = []
    for one in found:
        (a, left), (b, right) = known[one.a], known[one.b]
        evidence = [
            {"field": each.name, "level": level, "bits": (each.different, each.close, each.same)[level]}
            for each, level in zip(fields, one.levels, strict=True)
            if level >= 0
        ]
        keys = md5("\x1f".join([*left, *right]).encode(), usedforsecurity=False).hexdigest()
        pairs.append(LikelyPair(a, b, round(one.bits, 2), evidence, keys))
    return pairs


def decided() -> dict[tuple[UUID, UUID], tuple[str, str]]:
    """Status and hash of every pair that is known."""
    rows = fetch("SELECT a_id, b_id, status, keys FROM customers_duplicate")
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}
