"""Custom fields over the API: defined, filled in, read, filtered, sorted by, and closed by rules like built-in ones."""

from __future__ import annotations

from typing import Any

import pytest

from akrab.customers.tests.factories import make_customer
from akrab.platform.models import CustomField
from akrab.platform.tests.factories import make_field_rule
from akrab.platform.tests.programs import Program, make_program, problem_of

pytestmark = pytest.mark.django_db
SIZE = {"object": "customers.customer", "type": "number", "title_en": "Shoe size", "title_id": "Ukuran sepatu"}
RANK = {
    "object": "customers.customer",
    "type": "choice",
    "title_en": "Rank",
    "choices": [{"title_en": "Gold"}, {"title_en": "Silver"}],
}


@pytest.fixture
def admin() -> Program:
    return make_program("administrator")


def test_a_field_is_defined_read_changed_and_trashed(admin: Program) -> None:
    made = admin.ask("POST", "/custom-fields", SIZE)

    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    field = made.json()
    assert (field["key"], field["name"], field["kind"]) == ("shoe_size", "custom.shoe_size", "number")
    path = f"/custom-fields/{field['id']}"
    changed = admin.ask("PUT", path, {"title_en": "Size of shoes", "is_searchable": True}, if_match='"1"')
    assert (changed.status_code, changed.json()["title_en"], changed.json()["version"]) == (200, "Size of shoes", 2)
    assert problem_of(admin.ask("PUT", path, {"title_en": "Late"}, if_match='"1"')) == (412, "stale_version")
    assert admin.ask("DELETE", path).status_code == 204
    assert admin.reads("/custom-fields?object=customers.customer")["items"] == []
    assert admin.ask("POST", f"{path}:restore").json()["is_trashed"] is False


def test_values_are_written_and_read(admin: Program) -> None:
    admin.sends("/custom-fields", SIZE)
    admin.sends("/custom-fields", RANK)
    budget = {"object": "customers.customer", "type": "money", "title_en": "Budget", "currency": "IDR"}
    admin.sends("/custom-fields", budget)

    made = admin.sends("/customers", {"name": "Ani", "custom": {"shoe_size": 38.5, "rank": "Silver", "budget": "1250000"}})
    path = f"/customers/{made['id']}"
    changed = admin.ask("PATCH", path, {"custom": {"rank": None, "shoe_size": "39"}}).json()

    assert made["custom"] == {"budget": "1250000.00", "rank": "silver", "shoe_size": "38.5"}
    assert changed["custom"] == {"budget": "1250000.00", "rank": None, "shoe_size": "39"}
    assert changed["version"] == 2


def test_a_bad_value_spoils_only_its_own_item(admin: Program) -> None:
    admin.sends("/custom-fields", SIZE)
    items = [{"email": f"{size}@example.test", "custom": {"shoe_size": size}} for size in ("38", "big", "40")]

    answer = admin.sends("/customers:batch", {"items": items})

    assert answer["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "skipped": 0, "error": 1}
    assert answer["results"][1]["errors"] == [{"field": "custom.shoe_size", "message": "“big” is no number."}]


def test_lists_are_filtered_and_sorted_by_custom_fields(admin: Program) -> None:
    admin.sends("/custom-fields", SIZE)
    for name, size in (("Ani", "38"), ("Budi", "41"), ("Citra", "39.5")):
        make_customer(name, custom={"shoe_size": size})

    def found(query: str) -> list[str]:
        return [one["name"] for one in admin.reads(f"/customers?{query}")["items"]]

    assert found("where=custom.shoe_size:min:39&sort=name") == ["Budi", "Citra"]
    assert found("sort=-custom.shoe_size") == ["Budi", "Citra", "Ani"]
    first = admin.reads("/customers?sort=-custom.shoe_size&limit=2")
    assert [one["name"] for one in admin.reads(f"/customers?sort=-custom.shoe_size&cursor={first['next']}")["items"]] == ["Ani"]
    assert problem_of(admin.ask("GET", "/customers?where=custom.hat:min:3")) == (422, "filter_invalid")
    assert problem_of(admin.ask("GET", "/customers?sort=custom.hat")) == (422, "invalid")


@pytest.mark.parametrize(("access", "shown"), [("hidden", {}), ("masked", {"shoe_size": None}), ("read", {"shoe_size": "38"})])
def test_a_rule_closes_a_custom_field(admin: Program, access: str, shown: dict[str, Any]) -> None:
    admin.sends("/custom-fields", SIZE)
    ani = make_customer("Ani", email="ani@example.test", custom={"shoe_size": "38"})
    make_field_rule("custom.shoe_size", access)
    program = make_program("manager")

    assert program.reads(f"/customers/{ani.pk}")["custom"] == shown
    written = program.ask("PATCH", f"/customers/{ani.pk}", {"custom": {"shoe_size": "44"}})
    assert problem_of(written) == (403, "field_not_editable")
    batch = {"items": [{"email": "ani@example.test", "custom": {"shoe_size": "44"}}]}
    assert program.sends("/customers:batch", batch)["results"][0]["code"] == "field_not_editable"
    for query in ("sort=custom.shoe_size", "where=custom.shoe_size:min:3"):
        asked = program.ask("GET", f"/customers?{query}")
        assert asked.status_code == (200 if access == "read" else 403), query
    listed = [one["key"] for one in program.reads("/custom-fields?object=customers.customer")["items"]]
    assert listed == (["shoe_size"] if access == "read" else [])
    ani.refresh_from_db()
    assert ani.custom == {"shoe_size": "38"}


def test_only_administrators_define_fields_over_the_api() -> None:
    assert problem_of(make_program("manager").ask("POST", "/custom-fields", SIZE)) == (403, "forbidden")
    assert not CustomField.objects.exists()


def test_a_list_of_customers_takes_as_many_queries_as_one_customer(admin: Program, django_assert_num_queries: Any) -> None:
    for number in range(5):
        admin.ask("POST", "/customers", {"name": f"Budi {number}"})
    admin.reads("/customers")

    with django_assert_num_queries(2):
        found = admin.reads("/customers")

    assert len(found["items"]) == 5
