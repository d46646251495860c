"""Customers over the API."""

from __future__ import annotations

from typing import Any

import pytest

from akrab.platform.bulk import fetch
from akrab.platform.tests.factories import facts_recorded
from akrab.platform.tests.programs import Program, make_program, problem_of

pytestmark = pytest.mark.django_db
BUDI = {"name": "Budi", "email": "Budi@Example.test", "phone": "0812-3456-789", "city": "Bandung"}


@pytest.fixture
def program() -> Program:
    return make_program()


def customers() -> int:
    return int(fetch("SELECT count(*) FROM customers_customer")[0][0])


def test_a_customer_is_created_with_what_points_to_it(program: Program) -> None:
    response = program.ask("POST", "/customers", {**BUDI, "identifiers": [{"kind": "card", "value": "K-1"}]})

    made = response.json()
    assert (response.status_code, response.headers["ETag"]) == (201, '"1"')
    assert response.headers["Location"] == f"/api/v1/customers/{made['id']}"
    assert (made["name"], made["stage"], made["spend"], made["source"]) == ("Budi", "prospect", "0", "api")
    assert [(one["kind"], one["value"]) for one in made["identifiers"]] == [
        ("card", "K-1"),
        ("email", "Budi@Example.test"),
        ("phone", "0812-3456-789"),
    ]
    assert program.reads(f"/customers/{made['id']}") == {**made, "traits": {}}
    assert facts_recorded("customers") == ["customers.customer_registered"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"name": "  Sukarno  "}, "Sukarno"),
        ({"given_name": "Siti", "family_name": "Aminah"}, "Siti Aminah"),
        ({"email": "x@example.test"}, "x@example.test"),
        ({"identifiers": [{"kind": "card", "value": "A 1"}]}, "A 1"),
    ],
)
def test_a_customer_always_has_a_name(program: Program, given: dict[str, Any], name: str) -> None:
    assert program.sends("/customers", given)["name"] == name


def test_a_customer_of_nothing_is_refused(program: Program) -> None:
    response = program.ask("POST", "/customers", {"city": "Bogor"})

    assert problem_of(response) == (422, "invalid")
    assert [one["field"] for one in response.json()["errors"]] == ["name"]


def test_an_identifier_of_somebody_else_is_refused_and_says_whose(program: Program) -> None:
    known = program.sends("/customers", BUDI)

    response = program.ask("POST", "/customers", {"name": "Other", "phone": "+62 812 3456 789"})

    assert problem_of(response) == (409, "identifier_taken")
    assert response.json()["customer_id"] == known["id"]
    assert (customers(), facts_recorded("customers")) == (1, ["customers.customer_registered"])


@pytest.mark.parametrize("field", ["id", "stage", "spend", "version", "purchase_count", "registered_at", "traits"])
def test_nobody_writes_what_was_not_offered(program: Program, field: str) -> None:
    customer = program.sends("/customers", BUDI)

    made = program.ask("POST", "/customers", {"name": "Ann", field: customer.get(field, {})})
    changed = program.ask("PATCH", f"/customers/{customer['id']}", {field: 7})

    assert problem_of(made) == problem_of(changed) == (422, "invalid")
    assert customers() == 1


def test_a_change_touches_only_the_fields_that_are_sent(program: Program) -> None:
    customer = program.sends("/customers", BUDI)

    response = program.ask("PATCH", f"/customers/{customer['id']}", {"name": "Budi Santoso", "city": None})

    changed = response.json()
    assert (changed["name"], changed["city"], changed["email"]) == ("Budi Santoso", "", "Budi@Example.test")
    assert (changed["version"], response.headers["ETag"]) == (2, '"2"')
    assert facts_recorded("customers")[-1] == "customers.customer_edited"


def test_a_change_of_another_version_is_refused(program: Program) -> None:
    path = f"/customers/{program.sends('/customers', BUDI)['id']}"
    program.ask("PATCH", path, {"city": "Bogor"}, If_Match='"1"')

    response = program.ask("PATCH", path, {"city": "Depok"}, If_Match='"1"')

    assert problem_of(response) == (412, "stale_version")
    assert program.reads(path)["city"] == "Bogor"


@pytest.mark.parametrize(("said", "status"), [('"1"', 200), ('W/"1"', 200), ("*", 200), ("", 400), ("1", 400)])
def test_if_match_takes_an_etag(program: Program, said: str, status: int) -> None:
    path = f"/customers/{program.sends('/customers', BUDI)['id']}"

    assert program.ask("PATCH", path, {"city": "Bogor"}, If_Match=said).status_code == status


def test_a_change_that_changes_nothing_makes_no_version(program: Program) -> None:
    customer = program.sends("/customers", BUDI)

    response = program.ask("PATCH", f"/customers/{customer['id']}", {"city": "Bandung"})

    assert response.json()["version"] == 1
    assert facts_recorded("customers") == ["customers.customer_registered"]


def test_upsert_by_identifier_creates_once_and_then_updates(program: Program) -> None:
    first = program.ask("PUT", "/customers/by/external/shop/42", {"name": "Ann"})
    second = program.ask("PUT", "/customers/by/external/shop/42", {"city": "Bogor", "email": "ann@example.test"})
    third = program.ask("PUT", "/customers/by/external/shop/42", {"city": "Bogor"})

    assert [one.status_code for one in (first, second, third)] == [201, 200, 200]
    assert {one.json()["id"] for one in (first, second, third)} == {first.json()["id"]}
    assert (third.json()["name"], third.json()["city"], third.json()["version"]) == ("Ann", "Bogor", 2)
    assert program.reads("/customers/by/email/ANN@example.test")["id"] == first.json()["id"]
    assert facts_recorded("customers") == [
        "customers.customer_registered",
        "customers.customer_edited",
        "customers.identifiers_added",
    ]


def test_evidence_for_two_customers_is_refused(program: Program) -> None:
    program.sends("/customers", BUDI)
    program.sends("/customers", {"name": "Ann", "email": "ann@example.test"})

    response = program.ask("PUT", "/customers/by/phone/08123456789", {"email": "ann@example.test"})

    assert problem_of(response) == (409, "identifiers_disagree")


def test_an_unknown_identifier_finds_nobody(program: Program) -> None:
    assert problem_of(program.ask("GET", "/customers/by/phone/0899")) == (404, "not_found")
    assert problem_of(program.ask("GET", "/customers/by/passport/0899")) == (422, "invalid")


def test_every_customer_is_listed_once_over_pages(program: Program) -> None:
    made = [program.sends("/customers", {"name": f"C{number}"})["id"] for number in range(5)]

    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = program.reads(f"/customers?limit=2&cursor={cursor}")
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]

    assert seen == made


@pytest.mark.parametrize("sort", ["id", "-id", "name", "-registered_at", "-last_purchase_at", "-spend", "-purchase_count"])
def test_every_order_pages_without_loss(program: Program, sort: str) -> None:
    for number in range(5):
        program.sends("/customers", {"name": f"C{number}"})

    page = program.reads(f"/customers?limit=3&sort={sort}&fields=name")
    rest = program.reads(f"/customers?limit=3&sort={sort}&fields=name&cursor={page['next']}")

    assert sorted(one["name"] for one in page["items"] + rest["items"]) == ["C0", "C1", "C2", "C3", "C4"]
    assert rest["next"] is None


@pytest.mark.parametrize("cursor", ["x", "W10.x", "..", "é"])
def test_a_cursor_that_was_changed_is_refused(program: Program, cursor: str) -> None:
    assert problem_of(program.ask("GET", f"/customers?cursor={cursor}")) == (422, "cursor_invalid")


def test_a_cursor_fits_only_the_list_and_order_that_gave_it(program: Program) -> None:
    for number in range(2):
        program.sends("/customers", {"name": f"C{number}"})
    cursor = program.reads("/customers?limit=1")["next"]

    assert problem_of(program.ask("GET", f"/customers?sort=name&cursor={cursor}")) == (422, "cursor_invalid")
    assert problem_of(program.ask("GET", f"/products?cursor={cursor}")) == (422, "cursor_invalid")


def test_words_and_filters_narrow_the_list(program: Program) -> None:
    program.sends("/customers", BUDI)
    program.sends("/customers", {"name": "100% Kopi", "kind": "company"})

    def names(query: str) -> list[str]:
        return [one["name"] for one in program.reads(f"/customers?{query}")["items"]]

    assert names("q=bud") == names("q=bandung+example") == names("city=Bandung&stage=prospect&stage=loyal") == ["Budi"]
    assert names("q=100%25") == names("kind=company") == ["100% Kopi"]
    assert names("q=_") == names("stage=loyal") == []


def test_only_the_asked_fields_are_answered(program: Program) -> None:
    customer = program.sends("/customers", BUDI)

    assert program.reads("/customers?fields=id,name")["items"] == [{"id": customer["id"], "name": "Budi"}]
    assert program.reads(f"/customers/{customer['id']}?fields=traits") == {"traits": {}}
    assert problem_of(program.ask("GET", "/customers?fields=password")) == (422, "invalid")


def test_one_bad_item_does_not_spoil_a_batch(program: Program) -> None:
    known = program.sends("/customers", BUDI)
    items = [
        {"name": "Ann", "email": "ann@example.test"},
        {"name": 7},
        {"phone": "08123456789", "city": "Bogor"},
        {"phone": "08123456789"},
        {"phone": "never"},
        {"name": "Ann", "email": "ann@example.test"},
        {"hack": 1},
    ]

    answer = program.sends("/customers:batch", {"items": items})

    assert [one["status"] for one in answer["results"]] == [
        "created",
        "error",
        "updated",
        "unchanged",
        "error",
        "unchanged",
        "error",
    ]
    assert answer["counts"] == {"created": 1, "updated": 1, "unchanged": 2, "skipped": 0, "error": 3}
    assert answer["results"][2]["id"] == known["id"]
    assert answer["results"][4]["errors"] == [{"field": "phone", "message": "This does not identify anybody."}]
    assert customers() == 2


def test_a_batch_may_be_one_json_per_line(program: Program) -> None:
    body = b'{"name": "Ann"}\n\n{bad\n{"name": "B\\u0000"}\r\n{"name": "Cici"}'

    answer = program.ask("POST", "/customers:batch", body, "application/x-ndjson").json()

    assert [one["status"] for one in answer["results"]] == ["created", "error", "error", "created"]


def test_a_batch_has_at_most_a_thousand_items(program: Program) -> None:
    response = program.ask("POST", "/customers:batch", [{"name": "A"}] * 1001)

    assert problem_of(response) == (413, "too_many_items")
    assert customers() == 0


@pytest.mark.parametrize("size", [1, 200])
def test_the_queries_of_a_batch_do_not_grow_with_it(program: Program, size: int, django_assert_max_num_queries: Any) -> None:
    items = [{"name": f"C{number}", "email": f"c{number}@example.test"} for number in range(size)]

    with django_assert_max_num_queries(20):
        answer = program.sends("/customers:batch", items)

    assert answer["counts"]["created"] == size


def test_a_deleted_customer_lies_in_the_trash(program: Program) -> None:
    path = f"/customers/{program.sends('/customers', BUDI)['id']}"

    assert program.ask("DELETE", path).status_code == 204
    assert program.ask("GET", path).status_code == 404
    assert customers() == 1


@pytest.mark.parametrize("role", ["analyst", "readonly"])
def test_who_only_reads_cannot_write(role: str) -> None:
    program, path = make_program(role), "/customers/01890000-0000-7000-8000-000000000000"

    refused = [
        program.ask("POST", "/customers", BUDI),
        program.ask("POST", "/customers:batch", [BUDI]),
        program.ask("PATCH", path, {"name": "A"}),
        program.ask("PUT", "/customers/by/card/1", BUDI),
        program.ask("POST", f"{path}/identifiers", {"kind": "card", "value": "1"}),
        program.ask("DELETE", path),
    ]

    assert [problem_of(one) for one in refused] == [(403, "forbidden")] * len(refused)
    assert customers() == 0
