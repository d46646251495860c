"""What belongs to a customer, over the API: identifiers, relationships, timeline."""

from __future__ import annotations

import pytest

from akrab.platform.tests.programs import Program, make_program, problem_of

pytestmark = pytest.mark.django_db
NOBODY = "/customers/01890000-0000-7000-8000-000000000000"


@pytest.fixture
def program() -> Program:
    return make_program()


def test_identifiers_are_added_and_taken_away(program: Program) -> None:
    path = f"/customers/{program.sends('/customers', {'name': 'Ann'})['id']}/identifiers"

    added = program.ask("POST", path, {"kind": "card", "value": "K-1"})
    gone = program.ask("DELETE", f"{path}/{added.json()['items'][0]['id']}")

    assert (added.status_code, [one["value"] for one in added.json()["items"]]) == (201, ["K-1"])
    assert (gone.status_code, gone.content, program.reads(path)) == (204, b"", {"items": []})


def test_an_identifier_belongs_to_one_customer(program: Program) -> None:
    ann, budi = (program.sends("/customers", {"name": name})["id"] for name in ("Ann", "Budi"))
    program.sends(f"/customers/{ann}/identifiers", {"kind": "card", "value": "K-1"})

    response = program.ask("POST", f"/customers/{budi}/identifiers", {"kind": "card", "value": "k1"})

    assert problem_of(response) == (409, "identifier_taken")


def test_relationships_are_seen_from_both_sides(program: Program) -> None:
    ann, firm = (program.sends("/customers", {"name": name})["id"] for name in ("Ann", "PT Maju"))

    made = program.sends(f"/customers/{ann}/relationships", {"other_id": firm, "kind": "works_at"})
    seen = program.reads(f"/customers/{firm}/relationships")["items"]
    program.ask("DELETE", f"/customers/{firm}/relationships/{seen[0]['id']}")

    assert (made["items"][0]["direction"], made["items"][0]["other_name"]) == ("out", "PT Maju")
    assert (seen[0]["direction"], seen[0]["other_id"]) == ("in", ann)
    assert program.reads(f"/customers/{ann}/relationships") == {"items": []}


def test_a_customer_is_not_related_to_itself(program: Program) -> None:
    ann = program.sends("/customers", {"name": "Ann"})["id"]

    response = program.ask("POST", f"/customers/{ann}/relationships", {"other_id": ann, "kind": "household"})

    assert problem_of(response) == (422, "related_to_self")


def test_the_timeline_tells_the_newest_first_and_pages(program: Program) -> None:
    path = f"/customers/{program.sends('/customers', {'name': 'Ann'})['id']}"
    program.ask("PATCH", path, {"city": "Bogor"})

    first = program.reads(f"{path}/timeline?limit=1")
    second = program.reads(f"{path}/timeline?limit=1&cursor={first['next']}")

    assert [page["items"][0]["kind"] for page in (first, second)] == [
        "customers.customer_edited",
        "customers.customer_registered",
    ]
    assert first["items"][0]["payload"]["changes"] == {"city": ["", "Bogor"]}
    assert (first["items"][0]["entrance"], second["next"]) == ("api", None)


def test_the_timeline_can_be_narrowed_to_a_room(program: Program) -> None:
    path = f"/customers/{program.sends('/customers', {'name': 'Ann'})['id']}"

    assert program.reads(f"{path}/timeline?kind=commerce") == {"items": [], "next": None}
    assert len(program.reads(f"{path}/timeline?kind=customers.customer_registered")["items"]) == 1


@pytest.mark.parametrize("part", ["identifiers", "relationships", "timeline"])
def test_parts_of_a_customer_who_is_not_there(program: Program, part: str) -> None:
    assert problem_of(program.ask("GET", f"{NOBODY}/{part}")) == (404, "not_found")
