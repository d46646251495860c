"""Products, branches and till closings over the API."""

from __future__ import annotations

from typing import Any

import pytest

from akrab.platform.tests.factories import facts_recorded, make_rule
from akrab.platform.tests.programs import Program, make_program, problem_of

pytestmark = pytest.mark.django_db
COFFEE = {"sku": "KOPI", "name": "Kopi susu", "price": "25000", "cost": 9000.5, "category": "Minuman"}


@pytest.fixture
def program() -> Program:
    return make_program()


def test_a_product_is_created_once(program: Program) -> None:
    response = program.ask("POST", "/products", COFFEE)
    again = program.ask("POST", "/products", {**COFFEE, "name": "Other"})

    made = response.json()
    assert (made["price"], made["cost"], made["currency"]) == ("25000.00", "9000.50", "IDR")
    assert (response.headers["ETag"], problem_of(again)) == ('"1"', (409, "sku_taken"))
    assert program.reads(f"/products/{made['id']}") == made


def test_a_product_changes_by_its_version(program: Program) -> None:
    path = f"/products/{program.sends('/products', COFFEE)['id']}"

    changed = program.ask("PATCH", path, {"price": "26000", "category": None}, If_Match='"1"')
    stale = program.ask("PATCH", path, {"price": "1"}, If_Match='"1"')

    assert (changed.json()["price"], changed.json()["category"], changed.json()["version"]) == ("26000.00", "", 2)
    assert problem_of(stale) == (412, "stale_version")
    assert facts_recorded("commerce") == ["commerce.product_saved"] * 2


@pytest.mark.parametrize("wrong", [{"sku": "OTHER"}, {"id": "x"}, {"price": "-1"}, {"name": ""}, {"version": 9}])
def test_a_product_takes_only_what_is_offered(program: Program, wrong: dict[str, Any]) -> None:
    path = f"/products/{program.sends('/products', COFFEE)['id']}"

    assert problem_of(program.ask("PATCH", path, wrong)) == (422, "invalid")


def test_products_are_saved_by_sku_in_a_batch(program: Program) -> None:
    program.sends("/products", COFFEE)
    items = [COFFEE, {"sku": "TEH", "name": "Teh"}, {"sku": "X", "name": "X", "currency": "QQQ"}, {"name": "nothing"}]

    answer = program.sends("/products:batch", items)

    assert [one["status"] for one in answer["results"]] == ["unchanged", "created", "error", "error"]
    assert [one["sku"] for one in program.reads("/products?q=te")["items"]] == ["TEH"]


def test_products_say_what_goes_with_them(program: Program) -> None:
    coffee = program.sends("/products", COFFEE)["id"]
    program.sends("/products", {"sku": "ROTI", "name": "Roti"})

    linked = program.sends(f"/products/{coffee}/links", {"kind": "complement", "sku": "ROTI"})
    unknown = program.ask("POST", f"/products/{coffee}/links", {"kind": "upgrade", "sku": "NONE"})

    assert linked["links"] == [{"kind": "complement", "sku": "ROTI"}]
    assert problem_of(unknown) == (422, "invalid")


def test_a_branch_is_opened_once_and_changes_by_its_version(program: Program) -> None:
    made = program.sends("/branches", {"code": "DPS", "name": "Denpasar", "zone": "Asia/Makassar"})
    path = f"/branches/{made['id']}"

    assert problem_of(program.ask("POST", "/branches", {"code": "DPS"})) == (409, "branch_exists")
    assert problem_of(program.ask("POST", "/branches", {"code": "X", "zone": "Mars/Base"})) == (422, "unknown_zone")
    assert program.ask("PATCH", path, {"city": "Denpasar"}, If_Match='"1"').json()["version"] == 2
    assert problem_of(program.ask("PATCH", path, {"city": "Kuta"}, If_Match='"1"')) == (412, "stale_version")


def test_a_till_closing_is_held_against_what_arrived(program: Program) -> None:
    program.sends("/branches", {"code": "DPS"})
    line = {"sku": "KOPI", "unit_price": "25000"}
    program.sends(
        "/receipts", {"branch": "DPS", "number": "1", "currency": "IDR", "lines": [line], "occurred_at": "2026-03-10T10:00:00"}
    )
    closing = {"branch": "DPS", "business_on": "2026-03-10", "receipts": 2, "total": "60000", "currency": "IDR"}

    day = program.sends("/till-closings", closing)

    assert (day["arrived"], day["till"]) == ({"receipts": 1, "total": "25000.00"}, {"receipts": 2, "total": "60000.00"})
    assert (day["missing_receipts"], day["missing_total"]) == (1, "35000.00")
    assert day["mispaid"] == {"receipts": 0, "unpaid": "0.00"}
    assert program.reads("/till-closings?since=2026-03-01&until=2026-03-31")["items"] == [day]


def test_who_notes_a_closing_is_answered_with_it_also_where_no_receipt_is_in_sight(program: Program) -> None:
    program.sends("/branches", {"code": "DPS"})
    make_rule("unit", about="commerce.receipt", role="staff")
    closing = {"branch": "DPS", "business_on": "2026-03-10", "receipts": 2, "total": "60000", "currency": "IDR"}

    day = make_program("staff").sends("/till-closings", closing)

    assert (day["arrived"], day["till"]) == ({"receipts": 0, "total": "0.00"}, {"receipts": 2, "total": "60000.00"})


def test_a_till_closing_of_an_unknown_branch(program: Program) -> None:
    closing = {"branch": "NONE", "business_on": "2026-03-10", "receipts": 2, "total": "6", "currency": "IDR"}

    assert problem_of(program.ask("POST", "/till-closings", closing)) == (422, "unknown_branch")
    assert problem_of(program.ask("GET", "/till-closings?since=2026-03-10&until=2020-01-01")) == (422, "invalid")


def test_staff_sees_the_catalog_and_does_not_change_it() -> None:
    staff = make_program("staff")

    assert staff.reads("/products") == {"items": [], "next": None}
    assert problem_of(staff.ask("POST", "/products", COFFEE)) == (403, "forbidden")
    assert problem_of(staff.ask("POST", "/products:batch", [COFFEE])) == (403, "forbidden")
    assert facts_recorded("commerce") == []
