"""Recall and precision of finding duplicates on public sets whose true answer is known."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
from django.utils.module_loading import import_string

from akrab.cli.benches.measure import Result, Row
from akrab.platform.linking.matching import Block, Field, compare, find_pairs, scored

LEARN = "akrab.platform.linking.learning.learn"
AT_LEAST = 3.0

FEBRL = (
    Field("given", "fuzzy"),
    Field("surname", "fuzzy"),
    Field("street", "fuzzy"),
    Field("number", "digits"),
    Field("suburb", "fuzzy"),
    Field("postcode", "digits"),
    Field("born", "digits"),
    Field("ssn", "digits"),
)
FEBRL_BLOCKS = (
    Block("surname and given name", "least(surname, given) || ' ' || greatest(surname, given)"),
    Block("day of birth", "born"),
    Block("social number", "ssn"),
    Block("suburb and street", "suburb || ' ' || street"),
    Block("postcode and sound of the surname", "postcode || ' ' || surname[1:3]"),
    Block("postcode and given name", "postcode || ' ' || given[1:3]"),
)
FEBRL_SQL = """
SELECT row_number() OVER (ORDER BY rec_id) AS row, regexp_extract(rec_id, 'rec-([0-9]+)', 1) AS truth, source,
    nullif(trim(given_name), '') AS given, nullif(trim(surname), '') AS surname, nullif(trim(address_1), '') AS street,
    nullif(trim(street_number), '') AS number, nullif(trim(suburb), '') AS suburb, nullif(trim(postcode), '') AS postcode,
    nullif(trim(date_of_birth), '') AS born, nullif(trim(soc_sec_id), '') AS ssn
FROM ({files})
"""
CHILDCARE = (
    Field("name", "fuzzy"),
    Field("street", "fuzzy"),
    Field("number", "exact"),
    Field("zip", "exact"),
    Field("phone", "digits"),
)
CHILDCARE_BLOCKS = (
    Block("phone", "phone"),
    Block("street and number", "number || ' ' || street[1:6]"),
    Block("name", "name[1:12]"),
    Block("first word and zip", "split_part(name, ' ', 1) || zip"),
)
CHILDCARE_SQL = """
SELECT row_number() OVER () AS row, "True Id" AS truth, 0 AS source,
    nullif(trim(regexp_replace(regexp_replace(lower("Site name"), '[^a-z0-9]+', ' ', 'g'), ' +', ' ', 'g')), '') AS name,
    nullif(regexp_extract(lower("Address"), '^[ ]*([0-9]+)', 1), '') AS number,
    nullif(trim(regexp_replace(regexp_replace(regexp_replace(lower("Address"), '[0-9]+', ' ', 'g'),
        '\\b(n|s|e|w|north|south|east|west|st|street|ave|avenue|blvd|rd|dr|chicago|il|pl)\\b', ' ', 'g'),
        '[^a-z]+', ' ', 'g')), '') AS street,
    coalesce(nullif(trim("Zip"), ''), nullif(regexp_extract("Address", '(6[0-9]{4})', 1), '')) AS zip,
    nullif(right(regexp_replace("Phone", '[^0-9]', '', 'g'), 7), '') AS phone
FROM read_csv('{file}', all_varchar = true, header = true)
"""


def febrl(folder: Path, number: str) -> str:
    """SQL over one of the sets of FEBRL; the fourth is two files."""
    files = ("4a", "4b") if number == "4" else (number,)
    parts = [
        f"SELECT *, {place} AS source FROM read_csv('{folder}/dataset{name}.csv', all_varchar = true, header = true)"
        for place, name in enumerate(files)
    ]
    return FEBRL_SQL.replace("{files}", " UNION ALL ".join(parts))


def linking() -> Result:
    """Each set linked with bits learned from its own records, without a look at the truth, then compared with the truth."""
    rows: list[Row] = []
    base = os.environ.get("AKRAB_DATA_DIR", "")
    with duckdb.connect() as con:
        folder = Path(base) / "record_linkage_febrl"
        for number in ("1", "2", "3", "4") if folder.is_dir() else ():
            rows.append(measured(con, f"FEBRL {number}", febrl(folder, number), FEBRL, FEBRL_BLOCKS))
        file = Path(base) / "record_linkage_childcare" / "csv_example_input_with_true_ids.csv"
        if file.is_file():
            rows.append(measured(con, "childcare", CHILDCARE_SQL.replace("{file}", str(file)), CHILDCARE, CHILDCARE_BLOCKS))
    if not rows:
        rows.append(Row("the sets are not here", {"AKRAB_DATA_DIR": base or "not set"}))
    return Result("duplicates", "the true answer of each set", rows)


def measured(con: duckdb.DuckDBPyConnection, name: str, sql: str, fields: Sequence[Field], blocks: Sequence[Block]) -> Row:
    """Recall and precision of pairs that are at least eight times likelier one than two, and the reach of the blocks."""
    begun = time.perf_counter()
    con.execute(f"CREATE OR REPLACE TEMP TABLE records AS {sql}")
    dropped = find_pairs(con, blocks)
    compare(con, fields)
    learned, share = import_string(LEARN)(con, fields)
    least = AT_LEAST - math.log2(share / (1 - share))
    found = {(one.a, one.b) for one in scored(con, learned, at_least=least)}
    seconds = time.perf_counter() - begun
    same = "SELECT a.row, b.row FROM records a JOIN records b ON a.truth = b.truth AND a.row < b.row"
    truth = set(con.execute(same).fetchall())
    compared = set(con.execute("SELECT a, b FROM pairs").fetchall())
    figures: dict[str, float | int | str] = {
        "true pairs": len(truth),
        "recall": round(len(found & truth) / len(truth), 4),
        "precision": round(len(found & truth) / max(1, len(found)), 4),
        "reach": round(len(compared & truth) / len(truth), 4),
        "compared": len(compared),
        "dropped keys": len(dropped),
        "seconds": round(seconds, 1),
    }
    return Row(name, figures, aim="recall ≥ 0.95, precision ≥ 0.98")
