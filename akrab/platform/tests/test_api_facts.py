"""The feed of facts: each once, in order, with no gaps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from akrab.platform.actor import SYSTEM
from akrab.platform.api.lists import write_cursor
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.tests.factories import NOON, CustomerMet
from akrab.platform.tests.programs import make_program, problem_of

committing = pytest.mark.django_db(transaction=True)


@committing
def test_a_reader_goes_on_from_where_it_was() -> None:
    program = make_program()
    first = program.reads("/facts")
    made = program.sends("/customers", {"name": "Ann"})["id"]

    news = program.reads(f"/facts?cursor={first['next']}")
    later = program.reads(f"/facts?cursor={news['next']}")

    assert [(one["kind"], one["customer_id"]) for one in news["items"]] == [("customers.customer_registered", made)]
    assert news["items"][0]["actor"]["kind"] == "key"
    assert later == {"items": [], "next": news["next"]}


@committing
def test_facts_of_a_transaction_that_still_runs_are_not_skipped() -> None:
    program = make_program()
    start = program.reads("/facts?kind=customers")["next"]

    def meanwhile() -> list[str]:
        try:
            program.sends("/customers", {"name": "Second"})
            return [one["kind"] for one in program.reads(f"/facts?kind=customers&cursor={start}")["items"]]
        finally:
            connection.close()

    with transaction.atomic():
        record([CustomerMet(customer_id=new_id(), met_at=NOON)], by=SYSTEM)
        with ThreadPoolExecutor(1) as pool:
            seen = pool.submit(meanwhile).result()

    assert seen == []
    assert len(program.reads(f"/facts?kind=customers&cursor={start}")["items"]) == 1


@committing
def test_a_reader_sees_the_facts_of_the_rooms_that_it_may_see() -> None:
    make_program().sends("/branches", {"code": "DPS"})
    program = make_program("administrator", scopes=["commerce.*"])

    assert {one["kind"].split(".")[0] for one in program.reads("/facts?limit=500")["items"]} == {"commerce"}


@pytest.mark.django_db
def test_a_feed_without_any_grant_is_refused() -> None:
    assert problem_of(make_program(scopes=["platform.run_imports"]).ask("GET", "/facts")) == (403, "forbidden")


@committing
def test_money_in_a_payload_is_decimal_text() -> None:
    program = make_program()
    program.sends("/branches", {"code": "DPS"})
    program.sends(
        "/receipts",
        {
            "branch": "DPS",
            "number": "1",
            "currency": "IDR",
            "occurred_at": "2026-03-10T10:00:00",
            "lines": [{"unit_price": "25000"}],
        },
    )

    fact = program.reads("/facts?kind=commerce.receipt_recorded")["items"][0]

    assert (fact["payload"]["net"], fact["payload"]["total"]) == ("25000.00", "25000.00")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["%25", "a'b", "customers.%25"])
def test_a_kind_is_a_name(kind: str) -> None:
    assert problem_of(make_program().ask("GET", f"/facts?kind={kind}")) == (422, "invalid")


@committing
def test_a_cursor_from_before_a_restore_is_refused_with_what_to_do() -> None:
    program = make_program()
    elsewhere = write_cursor("facts", ["0123456789ab", 100, str(new_id())])

    answer = program.ask("GET", f"/facts?cursor={elsewhere}")

    assert problem_of(answer) == (410, "cursor_outdated")
    assert answer["Content-Type"] == "application/problem+json"
    assert "Begin again without one" in answer.json()["detail"]
