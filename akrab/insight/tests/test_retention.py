"""Cohort retention by hand: active, survived, and what cannot be known yet."""

from __future__ import annotations

from akrab.insight.tests.conftest import Ask
from akrab.insight.tests.factories import sale

JANUARY = 2024 * 12

BOUGHT = {
    "ann": ("2024-01-05", "2024-02-10", "2024-03-20"),
    "bob": ("2024-01-31", "2024-03-01"),
    "cid": ("2024-01-09", "2024-01-10"),
    "dee": ("2024-02-29", "2024-03-31"),
}
RECEIPTS = [sale(name, day) for name, days in BOUGHT.items() for day in days]


def cells(rows: list[tuple[object, ...]]) -> dict[tuple[object, object], tuple[object, ...]]:
    """(months after January, offset) to (customers, active, survived)."""
    return {(int(str(row[0])) - JANUARY, row[2]): (row[1], row[3], row[4]) for row in rows}


def test_active_counts_the_month_and_survived_any_later_one_too(ask: Ask) -> None:
    found = cells(ask("retention", RECEIPTS, as_of="2024-03-31", parameters={"periods": 2}))

    assert found == {
        (0, 0): (3, 3, 3),
        (0, 1): (3, 1, 2),
        (0, 2): (3, 2, 2),
        (1, 0): (1, 1, 1),
        (1, 1): (1, 1, 1),
        (1, 2): (1, None, None),
    }


def test_a_month_that_has_not_ended_is_blank(ask: Ask) -> None:
    found = cells(ask("retention", RECEIPTS, as_of="2024-03-30", parameters={"periods": 2}))

    assert found[(0, 1)] == (3, 1, 2)
    assert found[(0, 2)] == (3, None, None)
    assert found[(1, 1)] == (1, None, None)


def test_a_month_without_purchases_is_zero_and_not_blank(ask: Ask) -> None:
    found = cells(ask("retention", [sale("ann", "2024-01-31")], as_of="2024-03-31", parameters={"periods": 2}))

    assert found == {(0, 0): (1, 1, 1), (0, 1): (1, 0, 0), (0, 2): (1, 0, 0)}


def test_totals_pool_the_cohorts_that_got_so_far(ask: Ask) -> None:
    [totals] = ask("retention", RECEIPTS, as_of="2024-03-31", totals=True)

    assert totals == (2, 4, 2 / 4, None, None, None)
