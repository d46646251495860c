"""Merging and duplicates over the API."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from akrab.customers.models import Customer
from akrab.customers.operations.deduplicating import note_duplicates
from akrab.customers.queries.likely import likely_pairs
from akrab.platform.tests.factories import make_actor
from akrab.platform.tests.programs import make_program, problem_of

pytestmark = pytest.mark.django_db


def test_a_merge_is_made_read_and_taken_back_and_the_old_id_answers_the_survivor() -> None:
    program = make_program()
    kept, other = (program.sends("/customers", {"name": name})["id"] for name in ("Ann", "Anne"))

    made = program.sends(f"/customers/{kept}/merges", {"others": [other], "choices": {"display_name": other}})
    read = program.reads(f"/customers/{other}")
    listed = program.reads("/customers")["items"]
    program.ask("POST", f"/journal/{made['entry_id']}:undo", {})

    assert (made["survivor_id"], made["merged_ids"], made["undone_at"]) == (kept, [other], None)
    assert (read["id"], read["name"], [one["id"] for one in listed]) == (kept, "Anne", [kept])
    assert program.reads(f"/merges/{made['id']}")["undone_at"] is not None
    assert program.reads(f"/customers/{other}")["id"] == other


def test_a_company_is_not_merged_into_a_person() -> None:
    program = make_program()
    ann = program.sends("/customers", {"name": "Ann"})["id"]
    firm = program.sends("/customers", {"name": "PT Maju", "kind": "company"})["id"]

    response = program.ask("POST", f"/customers/{ann}/merges", {"others": [firm]})

    assert problem_of(response) == (422, "another_kind")
    assert len(program.reads("/customers")["items"]) == 2


def test_duplicates_are_listed_and_kept_apart() -> None:
    program = make_program()
    for name in ("Ani Wijaya", "Wijaya Ani"):
        Customer.objects.filter(pk=program.sends("/customers", {"name": name})["id"]).update(phone="0812345678")
    ann = make_actor("manager")
    note_duplicates(by=ann, likely=likely_pairs(by=ann), at=datetime.now(UTC))

    found = program.reads("/duplicates")["items"]
    gone = program.ask("DELETE", f"/duplicates/{found[0]['id']}")

    assert (found[0]["sure"], found[0]["bits"], [one["field"] for one in found[0]["evidence"]]) == (True, 18.0, ["name", "phone"])
    assert (gone.status_code, program.reads("/duplicates")["items"]) == (204, [])
