"""Formulas: exact values by the database, what may not stand in one, and what happens to those that rest on others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from akrab.customers.tests.factories import make_customer
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.expressions import on, value_sql
from akrab.platform.customizing.fields import custom_field
from akrab.platform.operations.custom_fields import FieldInUse, FieldWords, revise_field, trash_field
from akrab.platform.refusal import Invalid
from akrab.platform.tests.factories import NOON, make_actor
from akrab.platform.tests.test_custom_fields import CUSTOMERS, define

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Actor:
    return make_actor()


@pytest.fixture
def customer() -> None:
    define("Shoe size", "number")
    define("Budget", "money", currency="IDR")
    define("Member since", "date")
    define("Rank")
    values = {"shoe_size": "38.5", "budget": 12_000_000_00, "member_since": "2024-03-01", "rank": "Gold"}
    make_customer("Ani", custom=values, spend=300_000_00, purchase_count=4, spend_currency="IDR", city="Solo")


def value(name: str) -> Any:
    custom = custom_field(CUSTOMERS, f"custom.{name}")
    assert custom is not None
    return fetch(f"SELECT {on(value_sql(custom), 'c')} FROM customers_customer c")[0][0]


@pytest.mark.parametrize(
    ("formula", "kind", "result"),
    [
        ("shoe_size * 2 + 1", "number", Decimal("78.000000")),
        ("spend / purchases", "money", Decimal("7500000")),
        ("budget - spend", "money", Decimal("1170000000")),
        ("spend / budget", "number", Decimal("0.025000")),
        ("shoe_size / (purchases - 4)", "number", None),
        ("IF(purchases >= 3 and city == 'Solo', 'regular', 'guest')", "text", "regular"),
        ("if(budget > 15000000, 'big', 'small')", "text", "small"),
        ("member_since + 30", "date", "2024-03-31"),
        ("year(member_since) * 100 + month(member_since)", "number", Decimal("202403.000000")),
        ("rank + ' / ' + upper(city)", "text", "Gold / SOLO"),
        ("contains(rank, 'gOL')", "boolean", True),
        ("round(shoe_size / 3, 2)", "number", Decimal("12.830000")),
        ("coalesce(born_on, member_since)", "date", "2024-03-01"),
        ("missing(born_on)", "boolean", True),
        ("max(shoe_size, 40)", "number", Decimal("40.000000")),
    ],
)
def test_formulas_give_exact_values(customer: None, formula: str, kind: str, result: Any) -> None:
    field = define("Result", "formula", formula=formula)

    assert (field.kind, value("result")) == (kind, result)


@pytest.mark.parametrize(
    "formula",
    [
        "", "shoe_size +", "__import__('os')", "shoe_size.real", "[1]", "lambda: 1", "hat_size", "2 ** 9", "rank * 2",
        "rank > 3", "if(rank, 1, 2)", "if(1 > 0, 1, 'x')", "drop(1)", "round()", "'{custom}'", "'50%'", "1e99", "shoe_size := 1",
        "sum(x for x in 'a')", "born_on + born_on", "1 < 2 < 3", "+".join(["1"] * 200), "f'{rank}'", "customer.id; 1",
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused(customer: None, formula: str) -> None:
    with pytest.raises(Invalid) as refused:
        define("Result", "formula", formula=formula)

    assert list(refused.value.errors) == ["formula"]
    assert custom_field(CUSTOMERS, "custom.result") is None


def test_a_formula_may_use_another_and_follows_it(ann: Actor, customer: None) -> None:
    double = define("Double", "formula", formula="shoe_size * 2")
    define("Quadruple", "formula", formula="double * 2")
    assert value("quadruple") == Decimal("154.000000")

    revise_field(by=ann, field_id=double.id, words=FieldWords(title_en="Double", formula="shoe_size * 2 + 1"), at=NOON)

    assert value("quadruple") == Decimal("156.000000")


def test_formulas_do_not_rest_on_themselves(ann: Actor, customer: None) -> None:
    double = define("Double", "formula", formula="shoe_size * 2")
    define("Quadruple", "formula", formula="double * 2")

    for circle in ("double + 1", "quadruple + 1"):
        with pytest.raises(Invalid) as refused:
            revise_field(by=ann, field_id=double.id, words=FieldWords(title_en="Double", formula=circle), at=NOON)
        assert list(refused.value.errors) == ["formula"]

    assert value("quadruple") == Decimal("154.000000")


def test_a_field_that_a_formula_uses_stays(ann: Actor, customer: None) -> None:
    size = custom_field(CUSTOMERS, "custom.shoe_size")
    define("Double", "formula", formula="shoe_size * 2")

    assert size is not None
    with pytest.raises(FieldInUse):
        trash_field(by=ann, field_id=size.id, at=NOON)

    assert value("double") == Decimal("77.000000")
