"""Roll-ups over receipts: figures of customers that follow their receipts, and are closed with what they tell of."""

from __future__ import annotations

from typing import Any

import pytest

from akrab.commerce.jobs import roll_up
from akrab.commerce.tests.factories import make_line, make_message, take
from akrab.customers.models import Customer
from akrab.customers.queries.choosing import Choice
from akrab.customers.queries.listing import list_customers
from akrab.customers.tests.factories import make_customer
from akrab.platform.customizing.working import work_out
from akrab.platform.listing.tree import read_tree
from akrab.platform.refusal import Invalid, Refusal
from akrab.platform.rights.fields import FieldNotReadable
from akrab.platform.tests.factories import NOON, acting, make_actor, make_field_rule, make_person
from akrab.platform.tests.test_custom_fields import define

pytestmark = pytest.mark.django_db
ROWS = "commerce.receipts"


def computed() -> dict[str, Any]:
    return {one.display_name: one.computed for one in Customer.objects.unscoped()}


@pytest.fixture
def receipts() -> None:
    ani = make_customer("Ani", phone="+628120000001")
    make_customer("Budi", phone="+628120000002")
    take(make_message("R-1", phone=ani.phone), make_message("R-2", phone=ani.phone))


def test_a_new_roll_up_is_worked_out_for_everybody(receipts: None) -> None:
    define("Visits", "rollup", rollup=f"count {ROWS}")
    define("Bought", "rollup", rollup=f"sum {ROWS} amount")
    define("Last channel", "rollup", rollup=f"last {ROWS} channel")

    work_out("customers.customer", NOON)

    figures = computed()
    bought = Customer.objects.unscoped().get(display_name="Ani").spend
    assert figures["Budi"] == {"visits": "0", "bought": 0}
    assert (figures["Ani"]["visits"], figures["Ani"]["last_channel"]) == ("2", "store")
    assert figures["Ani"]["bought"] > 0
    assert bought in {0, figures["Ani"]["bought"]}


def test_a_roll_up_follows_its_receipts_and_can_be_filtered_and_sorted_by(receipts: None) -> None:
    define("Visits", "rollup", rollup=f"count {ROWS}")
    budi = Customer.objects.unscoped().get(display_name="Budi")
    take(make_message("R-3", phone=budi.phone))

    roll_up([one.pk for one in Customer.objects.unscoped()])

    by = make_actor()
    assert {name: one["visits"] for name, one in computed().items()} == {"Ani": "2", "Budi": "1"}
    found = list_customers(by=by, choice=Choice(where=read_tree("custom.visits:max:1")))
    assert [one.display_name for one in found.page.items] == ["Budi"]
    found = list_customers(by=by, choice=Choice(sort="custom.visits"))
    assert [one.display_name for one in found.page.items] == ["Budi", "Ani"]


def test_an_exchange_counts_for_what_it_sells_and_takes_away_what_it_brings_back(receipts: None) -> None:
    define("Visits", "rollup", rollup=f"count {ROWS}")
    define("Bought", "rollup", rollup=f"sum {ROWS} amount")
    ani, swap = Customer.objects.unscoped().get(display_name="Ani"), (make_line(quantity=-1), make_line(sku="TEH", quantity=2))
    take(make_message("X-1", phone=ani.phone, kind="exchange", original_number="R-1", lines=swap))

    roll_up([ani.pk])

    assert computed()["Ani"] == {"visits": "2", "bought": 7_500_000}


@pytest.mark.parametrize("written", ["", "sum", f"sum {ROWS}", f"sum {ROWS} channel", f"median {ROWS} amount", "count tills"])
def test_a_roll_up_of_nothing_known_is_refused(written: str) -> None:
    with pytest.raises((Invalid, Refusal)):
        define("Visits", "rollup", rollup=written)


def test_what_tells_of_a_closed_field_is_closed_too(receipts: None) -> None:
    define("Bought", "rollup", rollup=f"sum {ROWS} amount")
    define("Half", "formula", formula="bought / 2")
    make_field_rule("spend", "hidden")
    staff = acting(make_person("Rina"))

    for name in ("bought", "half"):
        with pytest.raises(FieldNotReadable):
            list_customers(by=staff, choice=Choice(sort=f"-custom.{name}"))
        with pytest.raises(FieldNotReadable):
            list_customers(by=staff, choice=Choice(where=read_tree(f"custom.{name}:any")))


def test_rolling_up_takes_as_many_statements_for_many_as_for_one(receipts: None, django_assert_max_num_queries: Any) -> None:
    define("Visits", "rollup", rollup=f"count {ROWS}")
    define("Bought", "rollup", rollup=f"sum {ROWS} amount")
    ids = [make_customer(f"Customer {number}").pk for number in range(20)]

    with django_assert_max_num_queries(7):
        roll_up(ids)
