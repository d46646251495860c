"""Receipts over the API: what tills and shops send."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from akrab.platform.bulk import fetch
from akrab.platform.tests.factories import facts_recorded
from akrab.platform.tests.programs import Program, make_program, problem_of

COFFEE = {"sku": "KOPI", "name": "Kopi susu", "quantity": 2, "unit_price": "25000"}


def receipt(number: str = "1", **what_matters: Any) -> dict[str, Any]:
    return {
        "branch": "SUDIRMAN",
        "number": number,
        "occurred_at": "2026-03-10T10:00:00",
        "currency": "IDR",
        "lines": [COFFEE],
        **what_matters,
    }


@pytest.fixture
def program() -> Program:
    program = make_program()
    program.sends("/branches", {"code": "SUDIRMAN", "name": "Jalan Sudirman", "zone": "Asia/Jakarta"})
    return program


def rows(table: str) -> int:
    return int(fetch(f"SELECT count(*) FROM {table}")[0][0])


@pytest.mark.django_db
def test_a_receipt_comes_in_and_is_read_back(program: Program) -> None:
    budi, cash = {"phone": "0812 3456 789", "name": "Budi"}, {"method": "cash", "amount": "45000"}
    sent = receipt(customer=budi, discount="5000", tenders=[cash])

    response = program.ask("POST", "/receipts", sent)

    made = response.json()
    assert (response.status_code, response.headers["Location"]) == (201, f"/api/v1/receipts/{made['id']}")
    assert (made["net"], made["discount"], made["status"]) == ("45000.00", "5000.00", "counted")
    assert (made["business_on"], made["occurred_at"]) == ("2026-03-10", "2026-03-10T03:00:00Z")
    assert (made["lines"][0]["quantity"], made["lines"][0]["net"], made["tenders"]) == (
        "2",
        "45000.00",
        [{"method": "cash", "amount": "45000.00"}],
    )
    assert program.reads(f"/receipts/{made['id']}") == made
    assert program.reads("/customers/by/phone/08123456789")["id"] == made["customer_id"]


@pytest.mark.django_db
def test_three_deliveries_of_one_receipt_have_one_effect(program: Program) -> None:
    answers = [program.ask("POST", "/receipts", receipt()) for _time in range(3)]

    assert [one.status_code for one in answers] == [201, 200, 200]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    assert (rows("commerce_receipt"), facts_recorded("commerce.receipt")) == (1, ["commerce.receipt_recorded"])


@pytest.mark.django_db
def test_other_content_is_a_correction(program: Program) -> None:
    program.sends("/receipts", receipt())

    corrected = program.ask("POST", "/receipts", receipt(lines=[{**COFFEE, "quantity": 1}]))

    assert (corrected.status_code, corrected.json()["net"]) == (200, "25000.00")
    assert facts_recorded("commerce.receipt") == ["commerce.receipt_recorded", "commerce.receipt_corrected"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"branch": "NOWHERE"}, "receipt_invalid"),
        ({"total": "1"}, "receipt_invalid"),
        ({"lines": []}, "receipt_invalid"),
        ({"occurred_at": "2099-01-01T00:00:00"}, "receipt_invalid"),
        ({"kind": "void"}, "receipt_invalid"),
        ({"kind": "gift"}, "invalid"),
        ({"currency": "Rp"}, "invalid"),
        ({"status": "counted"}, "invalid"),
        ({"currency": "XQX"}, "receipt_invalid"),
        ({"net": "1"}, "invalid"),
        ({"customer_id": None}, "invalid"),
        ({"lines": [{"unit_price": "1e300"}]}, "invalid"),
        ({"number": " "}, "invalid"),
        ({"lines": [{**COFFEE, "quantity": "0.00001"}]}, "invalid"),
    ],
)
def test_a_receipt_that_cannot_be_taken_leaves_nothing(program: Program, wrong: dict[str, Any], code: str) -> None:
    response = program.ask("POST", "/receipts", receipt(**wrong))

    assert problem_of(response) == (422, code)
    assert response.json()["detail"]
    assert (rows("commerce_receipt"), facts_recorded("commerce.receipt")) == (0, [])


@pytest.mark.django_db
def test_a_batch_takes_what_it_can_in_any_order(program: Program) -> None:
    back = receipt("3", kind="return", original={"number": "1"}, lines=[{**COFFEE, "quantity": 1}])
    lines = [json.dumps(one) for one in (back, receipt("1"), receipt("2", branch="NOWHERE"), receipt("1"))]

    response = program.ask("POST", "/receipts:batch", "\n".join([*lines, "{"]).encode(), "application/x-ndjson")

    answer = response.json()
    assert [one["status"] for one in answer["results"]] == ["created", "created", "error", "unchanged", "error"]
    assert answer["counts"] == {"created": 2, "updated": 0, "unchanged": 1, "skipped": 0, "error": 2}
    assert "NOWHERE" in answer["results"][2]["reason"]
    sale, returned = (program.reads(f"/receipts/{answer['results'][place]['id']}") for place in (1, 0))
    assert (sale["returned"], returned["net"]) == ("25000.00", "-25000.00")
    assert returned["original"]["id"] == sale["id"]


@pytest.mark.django_db
def test_a_batch_can_open_the_branches_that_it_names() -> None:
    program = make_program()

    answer = program.sends("/receipts:batch?open_branches=true", {"items": [receipt()]})

    assert answer["counts"]["created"] == 1
    assert [one["code"] for one in program.reads("/branches")["items"]] == ["SUDIRMAN"]


@pytest.mark.django_db
def test_receipts_are_listed_newest_first_and_filtered(program: Program) -> None:
    for number in ("1", "2", "3"):
        program.sends("/receipts", receipt(number, occurred_at=f"2026-03-1{number}T10:00:00+07:00"))

    first = program.reads("/receipts?limit=2&fields=number")
    rest = program.reads(f"/receipts?limit=2&fields=number&cursor={first['next']}")
    some = program.reads("/receipts?business_from=2026-03-12&branch=SUDIRMAN&anonymous=true&fields=number,total")

    assert (first["items"], rest) == ([{"number": "3"}, {"number": "2"}], {"items": [{"number": "1"}], "next": None})
    assert some["items"] == [{"number": "3", "total": "50000.00"}, {"number": "2", "total": "50000.00"}]


@pytest.mark.django_db
def test_an_anonymous_receipt_is_claimed_once(program: Program, time_machine: Any) -> None:
    time_machine.move_to("2026-03-20T00:00:00Z")
    path = f"/receipts/{program.sends('/receipts', receipt())['id']}/claim"

    first, again, other = (
        program.ask("POST", path, {"phone": phone}) for phone in ("08123456789", "+62 812 3456 789", "0855555555")
    )

    assert (first.status_code, first.json()["customer_from"], again.status_code) == (200, "claim", 200)
    assert first.json()["customer_id"] == again.json()["customer_id"] == str(fetch("SELECT id FROM customers_customer")[0][0])
    assert problem_of(other) == (409, "claim_refused")
    assert other.json()["reason"] == "taken"
    assert "commerce.claim_refused" in facts_recorded("commerce")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["analyst", "readonly"])
def test_who_only_reads_cannot_send_receipts(role: str) -> None:
    program = make_program(role)

    assert problem_of(program.ask("POST", "/receipts", receipt())) == (403, "forbidden")
    assert problem_of(program.ask("POST", "/receipts:batch", [receipt()])) == (403, "forbidden")
    assert rows("commerce_receipt") == 0


@pytest.mark.django_db
def test_a_till_with_a_narrow_key_sends_and_cannot_look_around() -> None:
    make_program().sends("/branches", {"code": "SUDIRMAN"})
    till = make_program("staff", scopes=["commerce.record_receipts", "customers.register_customers"])

    answer = till.sends("/receipts:batch", [receipt(customer={"phone": "08123456789"})])

    assert answer["counts"]["created"] == 1
    assert problem_of(till.ask("GET", "/receipts")) == (403, "forbidden")
    assert problem_of(till.ask("GET", "/customers")) == (403, "forbidden")


@pytest.mark.django_db(transaction=True)
def test_a_receipt_sent_by_many_tills_at_once_is_taken_once() -> None:
    program = make_program()
    program.sends("/branches", {"code": "SUDIRMAN"})

    def send(number: int) -> int:
        try:
            sent = receipt(str(number % 4), customer={"phone": "0812345678"})
            return int(program.ask("POST", "/receipts", sent).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(send, range(40)))

    assert sorted(statuses) == [200] * 36 + [201] * 4
    assert (rows("commerce_receipt"), rows("customers_customer")) == (4, 1)
