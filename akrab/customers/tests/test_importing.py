"""Customers from files: found by what identifies them, kept when unchanged, never half imported."""

from __future__ import annotations

import codecs
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from akrab.customers.intake import customers
from akrab.customers.models import Customer, Identifier
from akrab.customers.queries.state import state_hash
from akrab.customers.tests.factories import make_customer, make_identifier
from akrab.platform.bulk import fetch
from akrab.platform.exporting import write_export
from akrab.platform.importing.kinds import exported_kind
from akrab.platform.importing.plans import BadMapping, given_plan
from akrab.platform.importing.progress import Progress
from akrab.platform.importing.running import result_of, run_import
from akrab.platform.operations.imports import note_import
from akrab.platform.tests.factories import facts_recorded, make_actor
from tools.outcomes import messy_files, outcomes_of

pytestmark = pytest.mark.django_db

PEOPLE = """Nama,No HP,Email,Kota,Tanggal Lahir
Budi Santoso,0812-3456-7890,budi@example.com,Jakarta,1990-12-31
Siti,+62 813 1111 2222,,Bandung,
Toko Makmur,,makmur@example.com,Surabaya,
"""


@pytest.fixture
def bring(tmp_path):
    def run(text: str, name: str = "people.csv", *, plan: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return bring_file(path, plan, **more)

    return run


def bring_file(path: Path, plan: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    by = make_actor("manager")
    mapping = given_plan(plan, {}) if plan else None
    result = result_of(run_import(note_import(by=by, kind="customers", path=path, mapping=mapping, **more), by=by))
    parts = ("created", "updated", "unchanged", "skipped", "errors")
    assert sum(result[name] for name in parts) == result["rows"]
    return result


def test_indonesian_columns_become_customers_with_identifiers(bring):
    result = bring(PEOPLE)

    assert (result["rows"], result["created"]) == (3, 3)
    assert Customer.objects.get(display_name="Budi Santoso").born_on == date(1990, 12, 31)
    assert sorted(Identifier.objects.values_list("key", flat=True)) == [
        "+6281234567890",
        "+6281311112222",
        "budi@example.com",
        "makmur@example.com",
    ]


def test_a_download_for_spreadsheets_is_read_back_as_it_is(tmp_path: Path) -> None:
    zoe = make_customer("=Zoë Müller", city="Jembatan Ëmas", phone="+6281234567890", address="'Abdul 5")
    make_identifier(zoe, "card", "C7")
    path = tmp_path / "customers.csv"
    by = make_actor("manager")
    write_export(by=by, export=exported_kind("customers"), path=path, filters={}, query="", for_spreadsheet=True)

    result = bring_file(path)

    assert path.read_bytes().startswith(codecs.BOM_UTF8)
    assert (result["rows"], result["unchanged"]) == (1, 1)
    kept = Customer.objects.get()
    assert (kept.display_name, kept.phone, kept.address) == ("=Zoë Müller", "+6281234567890", "'Abdul 5")


def test_the_same_file_again_is_all_unchanged(bring):
    bring(PEOPLE)
    before = state_hash(by=make_actor())

    again = bring(PEOPLE)

    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 3)
    assert state_hash(by=make_actor()) == before


def test_another_way_to_write_the_phone_finds_the_same_person(bring):
    bring(PEOPLE)

    result = bring("Nama,Telepon,Kota\nBudi Santoso,62 812 3456 7890,Depok\n", "other.csv")

    assert (result["updated"], result["created"]) == (1, 0)
    assert Customer.objects.get(display_name="Budi Santoso").city == "Depok"
    assert facts_recorded("customers.customer_edited") == ["customers.customer_edited"]


def test_blank_cells_empty_nothing(bring):
    bring(PEOPLE)

    bring("Nama,No HP,Email,Kota\nBudi Santoso,081234567890,,\n", "blank.csv")

    kept = Customer.objects.get(display_name="Budi Santoso")
    assert (kept.city, kept.email) == ("Jakarta", "budi@example.com")


def test_rows_that_only_have_a_name_are_known_again(bring):
    names = "Nama,Kota\nSlamet,Solo\nWati,Solo\n"

    assert bring(names)["created"] == 2
    assert bring(names)["unchanged"] == 2
    assert Customer.objects.count() == 2


@pytest.mark.parametrize(("mode", "outcomes"), [("create", (1, 0, 1)), ("update", (0, 1, 1))])
def test_the_mode_says_what_may_happen(bring, mode, outcomes):
    bring(PEOPLE)

    result = bring("Nama,No HP,Kota\nBudi S,081234567890,Bogor\nBaru,081299998888,Bogor\n", "more.csv", mode=mode)

    assert (result["created"], result["updated"], result["skipped"]) == outcomes


def test_a_phone_that_is_no_phone_is_left_out_and_counted(bring):
    result = bring("Nama,No HP,Email\nBudi,lihat kantor,budi@example.com\n")

    assert (result["created"], result["identifiers_left_out"]) == (1, {"phone": 1})


def test_what_is_left_out_of_a_row_and_a_name_that_it_lacks_are_remarks(bring):
    result = bring("Nama,No HP,Email\nBudi,12,budi@example.com\n,,siti@example.com\nRina,-,rina@example.com\n")

    assert (result["created"], result["errors"]) == (3, 0)
    assert result["remarks"] == [
        {"row": 2, "column": "No HP", "reason": "This is no phone number; the customer is taken without it."},
        {
            "row": 3,
            "column": "Nama",
            "reason": "This row has no name; the customer is called by the e-mail address, phone number or id that it has.",
        },
    ]
    assert Customer.objects.filter(display_name="siti@example.com").exists()


def test_a_known_customer_whose_row_has_no_name_is_no_remark(bring):
    bring(PEOPLE)

    result = bring("Nama,No HP,Kota\n,081234567890,Depok\n", "more.csv")

    assert (result["updated"], result["remarks"]) == (1, [])


def test_a_dry_run_keeps_nothing(bring):
    assert bring(PEOPLE, dry_run=True)["created"] == 3

    assert (Customer.objects.count(), facts_recorded()) == (0, [])


PEOPLE_AGAIN = """Nama,No HP,Email,Kota,Tanggal Lahir
Budi Santoso,0812-3456-7890,budi@example.com,Jakarta,1990-12-31
Siti,+62 813 1111 2222,,Bandung,
Budi Santoso,0812-3456-7890,,Jakarta,
Siti,+62 813 1111 2222,siti@example.com,,
Siti Aminah,,siti@example.com,Bogor,
Siti Aminah,,siti@example.com,Bogor,
,,,,
"""


@pytest.mark.parametrize("mode", ["upsert", "create", "update"])
def test_a_dry_run_counts_rows_that_build_on_earlier_batches_as_the_run_does(bring, monkeypatch, mode):
    monkeypatch.setattr(customers, "BATCH", 1)
    bring(PEOPLE.replace("Siti", "Rina").replace("1111 2222", "3333 4444"), "before.csv")

    planned = bring(PEOPLE_AGAIN, dry_run=True, mode=mode)
    done = bring(PEOPLE_AGAIN, "again.csv", mode=mode)

    assert counts(planned) == counts(done)
    assert done["created"] == {"upsert": 1, "create": 2, "update": 0}[mode]


def counts(result: dict[str, Any]) -> dict[str, Any]:
    return {name: result[name] for name in ("created", "updated", "unchanged", "skipped", "errors", "customers", "problems")}


def test_a_dry_run_holds_no_lock_between_its_batches(bring, monkeypatch):
    held = []
    monkeypatch.setattr(customers, "BATCH", 1)
    monkeypatch.setattr(
        Progress,
        "tick",
        lambda self, **_: held.append(
            fetch("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")[0][0]
        ),
    )
    bring(PEOPLE, dry_run=True)

    assert len(held) == 5
    assert set(held) == {0}


def test_columns_that_say_nothing_about_customers_are_refused_with_the_reason(bring):
    with pytest.raises(BadMapping, match="No column looks like a name"):
        bring("x,y\n1,2\n3,4\n")


def test_messy_files_have_a_clear_result_or_a_clear_refusal(data_folder):
    """Every eighth file here; `python -m tools.outcomes` writes the table of all of them."""
    outcomes = Counter(outcome.code for outcome in outcomes_of(messy_files(data_folder)[::8]))

    assert sum(outcomes.values()) >= 47
    assert set(outcomes) <= {"read", "bad_file", "bad_mapping", "questions_open"}
    assert (Customer.objects.count(), facts_recorded()) == (0, [])
