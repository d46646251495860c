"""Record linkage: evidence in bits, blocks with a cap, and a public set whose answer is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from akrab.platform.linking.learning import learn
from akrab.platform.linking.matching import Block, Field, compare, find_pairs, scored

NAME, BORN = Field("name", "fuzzy", 7, 4, -5), Field("born", "date", 8, 4, -5)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        yield found


def records(con: duckdb.DuckDBPyConnection, *rows: tuple[str | None, str | None]) -> None:
    con.execute("CREATE TEMP TABLE records (row BIGINT, name VARCHAR, born VARCHAR)")
    con.executemany("INSERT INTO records VALUES (?, ?, ?)", [(place, *row) for place, row in enumerate(rows)])


def test_each_field_speaks_in_bits_and_blanks_say_nothing(con: duckdb.DuckDBPyConnection) -> None:
    records(con, ("santoso budi", "1990-04-03"), ("santosa budi", "1990-03-04"), ("santoso budi", None), ("wati", "1990-04-03"))

    find_pairs(con, [Block("all", "'x'")])
    compare(con, [NAME, BORN])

    assert {(one.a, one.b): one.bits for one in scored(con, [NAME, BORN], at_least=-100)} == {
        (0, 1): 8.0, (0, 2): 7.0, (0, 3): 3.0, (1, 2): 4.0, (1, 3): -1.0, (2, 3): -5.0,
    }  # fmt: skip


def test_a_key_that_too_many_share_is_dropped_and_reported(con: duckdb.DuckDBPyConnection) -> None:
    records(con, *[("tamu", f"1990-01-0{day}") for day in range(1, 5)], ("ani", None), ("ani", None))

    dropped = find_pairs(con, [Block("name", "name")], cap=3)

    assert [(one.key, one.records) for one in dropped] == [("tamu", 4)]
    assert con.execute("SELECT a, b FROM pairs").fetchall() == [(4, 5)]


def test_bits_learned_without_the_answer_find_it_on_a_public_set(con: duckdb.DuckDBPyConnection, data_folder: Path) -> None:
    file = data_folder / "record_linkage_febrl" / "dataset1.csv"
    if not file.is_file():
        pytest.skip("needs record_linkage_febrl")
    fields = [Field(name, "fuzzy") for name in ("given_name", "surname", "suburb")] + [
        Field(name, "digits") for name in ("date_of_birth", "soc_sec_id", "postcode")
    ]
    con.execute(
        "CREATE TEMP TABLE records AS SELECT row_number() OVER () AS row, nullif(trim(COLUMNS(* EXCLUDE rec_id)), ''), "
        f"split_part(rec_id, '-', 2) AS truth FROM read_csv('{file}', all_varchar = true, header = true, delim = ',')"
    )

    names = ("date_of_birth", "soc_sec_id", "surname || given_name")
    find_pairs(con, [Block(name, name) for name in names])
    compare(con, fields)
    learned, _share = learn(con, fields, sample=10_000)
    found = {(one.a, one.b) for one in scored(con, learned, at_least=0)}

    same = "SELECT a.row, b.row FROM records a JOIN records b ON a.truth = b.truth AND a.row < b.row"
    truth = set(con.execute(same).fetchall())
    assert len(truth) == 500
    assert len(found & truth) / len(truth) >= 0.95
    assert len(found & truth) / len(found) >= 0.98
