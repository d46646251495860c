"""Repeat purchases, intervals, newcomers, the best and the quiet, by hand."""

from __future__ import annotations

from datetime import date

from akrab.insight.tests.conftest import Ask
from akrab.insight.tests.factories import customer, sale, taken_back

WEEKLY = [sale("ann", f"2024-01-{day:02}", 100) for day in (1, 8, 15, 22)]


def test_each_purchase_tells_how_many_went_on_and_how_soon(ask: Ask) -> None:
    receipts = [*WEEKLY[:3], sale("bob", "2024-01-01"), sale("bob", "2024-01-21"), sale("cid", "2024-01-01")]

    assert ask("repeat_purchase", receipts) == [
        (1, 3, 2, 2 / 3, 13.5),
        (2, 2, 1, 1 / 2, 7.0),
        (3, 1, 0, 0.0, None),
    ]
    assert ask("repeat_purchase", receipts, totals=True) == [(3, 2, 1, 6, 3300, 2 / 3)]


def test_two_purchases_on_one_day_are_two_purchases_but_no_interval(ask: Ask) -> None:
    receipts = [sale("ann", "2024-01-01"), sale("ann", "2024-01-01"), sale("ann", "2024-01-11")]

    assert [row[:3] for row in ask("repeat_purchase", receipts)] == [(1, 1, 1), (2, 1, 1), (3, 1, 0)]
    assert ask("purchase_interval", receipts) == [(8, 14, 1, 1, 1.0, 1)]


def test_intervals_fall_into_bands_with_their_median_and_mean(ask: Ask) -> None:
    receipts = [*WEEKLY, sale("bob", "2023-01-01"), sale("bob", "2024-01-02")]

    assert ask("purchase_interval", receipts) == [(1, 7, 3, 1, 0.75, 1), (366, None, 1, 1, 0.25, 1)]
    assert ask("purchase_interval", receipts, totals=True) == [(4, 7.0, 387 / 4)]


def test_a_customer_stands_in_the_band_of_the_average_distance_even_where_no_single_distance_lies(ask: Ask) -> None:
    receipts = [sale("ann", day) for day in ("2024-01-01", "2024-01-02", "2024-02-01")]  # 1 and 30 days, 15.5 on average
    receipts += [sale("bob", day) for day in ("2024-01-01", "2024-01-08", "2024-01-16")]  # 7 and 8 days, 7.5 on average

    rows = {row[0]: row[2:] for row in ask("purchase_interval", receipts)}

    assert rows == {1: (2, 2, 0.5, 0), 8: (1, 1, 0.25, 1), 15: (1, 1, 0.25, 1)}


def test_new_and_returning_customers_and_strangers_month_by_month(ask: Ask) -> None:
    receipts = [
        sale("ann", "2024-01-31", 100),
        sale("ann", "2024-02-01", 200, returned=50),
        sale("bob", "2024-02-29", 400),
        sale(None, "2024-03-01", 900, returned=100),
    ]

    assert ask("new_returning", receipts) == [
        (2024 * 12, 1, 0, 100, 0, 0.0, 0, 0),
        (2024 * 12 + 1, 1, 1, 400, 150, 0.5, 0, 0),
        (2024 * 12 + 2, 0, 0, 0, 0, None, 1, 800),
    ]


def test_the_best_customers_come_first_and_ties_by_key(ask: Ask) -> None:
    receipts = [sale("b", net=100), sale("a", net=100), sale("c", net=200), sale("d", net=50)]
    people = [customer("a", "Ana"), customer("b", "Budi"), customer("c", "Citra")]

    assert ask("top_customers", receipts, customers=people, parameters={"limit": 3}) == [
        (1, "c", "Citra", 1, 200, 200 / 450, date(2024, 1, 15)),
        (2, "a", "Ana", 1, 100, 100 / 450, date(2024, 1, 15)),
        (3, "b", "Budi", 1, 100, 100 / 450, date(2024, 1, 15)),
    ]


def test_quiet_means_longer_than_twice_the_own_habit(ask: Ask) -> None:
    monthly = [sale("bob", day, 300) for day in ("2023-11-22", "2023-12-22", "2024-01-22")]

    [row] = ask("gone_quiet", [*WEEKLY, *monthly], as_of="2024-02-22")

    assert row == ("ann", "Customer ann", date(2024, 1, 22), 31, 7.0, 31 / 7, 4, 400)


def test_nobody_is_quiet_before_31_days_nor_with_two_purchase_days(ask: Ask) -> None:
    assert ask("gone_quiet", WEEKLY, as_of="2024-02-21") == []
    assert ask("gone_quiet", WEEKLY[:2], as_of="2024-05-30") == []
    assert ask("gone_quiet", WEEKLY, as_of="2024-05-30", totals=True) == [(1, 400)]


def test_quiet_customers_may_be_asked_for_with_other_limits(ask: Ask) -> None:
    assert ask("gone_quiet", WEEKLY, as_of="2024-02-10", parameters={"days": 7}) != []
    assert ask("gone_quiet", WEEKLY, as_of="2024-02-10", parameters={"days": 7, "times": 3}) == []


def test_scores_carry_habit_cohort_and_quietness(ask: Ask) -> None:
    receipts = [*WEEKLY, sale("bob", "2024-05-01", 50), taken_back("bob", "2024-05-02", -10)]

    rows = {row[0]: row[1:] for row in ask("customer_scores", receipts, as_of="2024-05-30")}

    assert rows["ann"] == (129, 4, 400, 1, 5, 5, "cannot_lose", 7.0, 2024 * 12, True)
    assert rows["bob"] == (29, 1, 50, 5, 1, 1, "new", None, 2024 * 12 + 4, False)
