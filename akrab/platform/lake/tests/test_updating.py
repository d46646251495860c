"""The lake follows PostgreSQL: only what changed is written, and a rebuild gives the same content."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import psycopg
import pytest
from django.db import connection

from akrab.platform.lake import exporting, manifest, source
from akrab.platform.lake.declaration import Dataset, Declared, Partitions, RollUp
from akrab.platform.lake.manifest import Snapshot
from akrab.platform.lake.pruning import KEPT
from akrab.platform.lake.updating import LakeUpdate, update_lake
from akrab.platform.tests.factories import wait_for_older_transactions

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
MONTH = "(extract(year from day)::int * 12 + extract(month from day)::int - 1)"

NOTES = Dataset(
    name="notes",
    columns=(("id", "VARCHAR"), ("day", "DATE"), ("amount", "BIGINT"), ("word", "VARCHAR")),
    sql="SELECT id::text AS id, day, amount, word FROM lake_note WHERE day >= DATE '{first}' AND day < DATE '{end}'",
    order=("id",),
    partitions=Partitions(
        name="notes",
        counted=f"SELECT {MONTH}, count(*) FROM lake_note GROUP BY 1",
        touched=f"SELECT DISTINCT {MONTH} FROM lake_note WHERE changed_xid >= {{since}}",
    ),
    span="day",
    distinct=("word",),
)
SUMS = RollUp(
    name="sums",
    columns=(("month", "INTEGER"), ("amount", "BIGINT")),
    of="notes",
    sql="SELECT {month} AS month, sum(amount) AS amount FROM {source}",
    order=("month",),
)
DATASETS: list[Declared] = [NOTES, SUMS]


@pytest.fixture
def notes(transactional_db: None) -> Iterator[None]:
    run("CREATE TABLE lake_note (id serial PRIMARY KEY, day date, amount bigint, word text, changed_xid bigint)")
    note("2024-01-31", 1, "é")
    note("2024-02-01", 10, None)
    note("2024-02-29", 100, 'a,"b"\n')
    wait_for_older_transactions()
    yield
    run("DROP TABLE lake_note")


def run(sql: str, *values: str | int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def note(day: str, amount: int, word: str | None = "x") -> None:
    run("INSERT INTO lake_note (day, amount, word, changed_xid) VALUES (%s, %s, %s, txid_current())", day, amount, word)


def update(root: Path, *, rebuild: bool = False) -> LakeUpdate:
    return update_lake(root, at=NOON, datasets=DATASETS, rebuild=rebuild)


def rows(root: Path, snapshot: Snapshot, name: str) -> list[tuple[object, ...]]:
    paths = [str(root / each.path) for each in snapshot.datasets[name]]
    return duckdb.execute("SELECT * FROM read_parquet(?) ORDER BY ALL", [paths]).fetchall()


@pytest.mark.usefixtures("notes")
def test_the_first_update_writes_every_month_and_says_what_is_in_it(tmp_path: Path) -> None:
    done = update(tmp_path)

    assert (done.written, done.kept) == (4, 0)
    assert done.snapshot.months("notes") == [24288, 24289]
    assert done.snapshot.rows("notes") == 3
    assert str(done.snapshot.last_day("notes")) == "2024-02-29"
    assert done.snapshot.values("notes", "word") == ['a,"b"\n', "é"]
    assert rows(tmp_path, done.snapshot, "sums") == [(24288, 1), (24289, 110)]


@pytest.mark.usefixtures("notes")
def test_only_a_month_that_changed_is_written_again_and_a_rebuild_agrees(tmp_path: Path) -> None:
    first = update(tmp_path)
    note("2024-02-15", 1000)
    run("UPDATE lake_note SET amount = 11, changed_xid = txid_current() WHERE amount = 10")

    second = update(tmp_path)
    third = update(tmp_path, rebuild=True)

    assert (second.written, second.kept) == (2, 2)
    assert rows(tmp_path, second.snapshot, "sums") == [(24288, 1), (24289, 1111)]
    assert third.written == 4
    assert third.snapshot.content == second.snapshot.content != first.snapshot.content


@pytest.mark.usefixtures("notes")
def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    first = update(tmp_path)

    second = update(tmp_path)

    assert (second.written, second.kept) == (0, 4)
    assert second.snapshot.content == first.snapshot.content
    assert second.snapshot.number == 2


@pytest.mark.usefixtures("notes")
def test_a_deleted_row_and_an_emptied_month_leave_the_lake(tmp_path: Path) -> None:
    update(tmp_path)
    run("DELETE FROM lake_note WHERE amount IN (1, 10)")

    done = update(tmp_path)

    assert done.snapshot.months("notes") == [24289]
    assert rows(tmp_path, done.snapshot, "sums") == [(24289, 100)]


@pytest.mark.usefixtures("notes")
def test_a_row_committed_late_by_an_older_transaction_is_not_lost(tmp_path: Path) -> None:
    with psycopg.connect(**connection.get_connection_params()) as late:
        late.execute("INSERT INTO lake_note (day, amount, word, changed_xid) VALUES ('2024-01-01', 5, 'late', txid_current())")
        note("2024-02-20", 7)
        update(tmp_path)
        # the update of a row in a month that keeps its count is only seen by the watermark
        late.execute("UPDATE lake_note SET amount = 2, changed_xid = txid_current() WHERE amount = 1")
        late.commit()

    done = update(tmp_path)

    assert rows(tmp_path, done.snapshot, "sums") == [(24288, 7), (24289, 117)]
    assert update(tmp_path, rebuild=True).snapshot.content == done.snapshot.content


@pytest.mark.usefixtures("notes")
def test_an_update_killed_halfway_leaves_the_old_snapshot_usable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = update(tmp_path)
    note("2024-02-15", 1000)
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "commit", lambda root, snapshot: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            update(tmp_path)

    assert manifest.read_current(tmp_path) == first.snapshot
    assert rows(tmp_path, first.snapshot, "sums") == [(24288, 1), (24289, 110)]
    assert rows(tmp_path, update(tmp_path).snapshot, "sums") == [(24288, 1), (24289, 1110)]


@pytest.mark.usefixtures("notes")
def test_old_files_stay_for_two_snapshots_and_then_go(tmp_path: Path) -> None:
    first = update(tmp_path)
    for amount in range(KEPT - 1):
        note("2024-02-15", amount)
        update(tmp_path)
    assert rows(tmp_path, first.snapshot, "sums") == [(24288, 1), (24289, 110)]

    note("2024-02-15", 5)
    last = update(tmp_path)

    assert last.removed > 0
    february = next(each for each in first.snapshot.datasets["notes"] if each.month == 24289)
    assert not (tmp_path / february.path).exists()
    assert len(list(tmp_path.glob("notes/*.parquet"))) == 4  # January once, February of three snapshots


@pytest.mark.usefixtures("notes")
def test_a_file_that_vanished_is_written_again(tmp_path: Path) -> None:
    first = update(tmp_path)
    (tmp_path / first.snapshot.datasets["notes"][0].path).unlink()

    second = update(tmp_path)

    assert second.written == 1
    assert second.snapshot.content == first.snapshot.content


@pytest.mark.usefixtures("notes")
def test_two_updates_at_the_same_time_come_one_after_the_other(tmp_path: Path) -> None:
    done: list[LakeUpdate] = []

    def one() -> None:
        done.append(update(tmp_path))
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(each.snapshot.number for each in done) == [1, 2]
    assert len({each.snapshot.content for each in done}) == 1


@pytest.mark.usefixtures("notes")
def test_without_the_extension_text_is_copied_and_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = update(tmp_path / "scanned").snapshot.content
    monkeypatch.setattr(source, "load_scanner", lambda con: False)

    assert update(tmp_path / "copied").snapshot.content == expected


def test_the_extension_is_there() -> None:
    with duckdb.connect() as con:
        assert source.load_scanner(con)


def test_a_month_key_has_a_first_day() -> None:
    assert [str(exporting.first_day(month)) for month in (24287, 24288)] == ["2023-12-01", "2024-01-01"]
