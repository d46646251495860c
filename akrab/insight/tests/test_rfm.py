"""RFM by hand: who counts, what is left of a sale, where ties fall."""

from __future__ import annotations

import pytest

from akrab.insight.metrics.rfm import SEGMENTS
from akrab.insight.tests.conftest import Ask
from akrab.insight.tests.factories import exchange, sale, taken_back


def people(rows: list[tuple[object, ...]]) -> dict[object, tuple[object, ...]]:
    return {row[0]: row[1:] for row in rows}


def test_a_customer_has_days_since_the_last_sale_receipts_and_money(ask: Ask) -> None:
    receipts = [sale("ann", "2024-01-01", 500), sale("ann", "2024-03-01", 700), sale("bob", "2024-02-29", 100)]

    found = people(ask("rfm_customers", receipts, as_of="2024-03-02"))

    assert found["ann"][:3] == (1, 2, 1200)
    assert found["bob"][:3] == (2, 1, 100)


def test_a_linked_return_takes_money_away_and_a_full_one_the_receipt_too(ask: Ask) -> None:
    part, whole = sale("ann", "2024-01-01", 500, returned=200), sale("ann", "2024-01-09", 300, returned=300)

    found = people(ask("rfm_customers", [part, whole], as_of="2024-01-11"))

    assert found["ann"][:3] == (10, 1, 300)


def test_a_return_after_the_day_of_the_report_has_not_happened_yet(ask: Ask) -> None:
    sold = sale("ann", "2024-01-01", 500, returned=500)
    back = taken_back("ann", "2024-01-20", -500, original_id=sold["receipt_id"])

    assert ask("rfm_customers", [sold, back], as_of="2024-01-31") == []
    assert people(ask("rfm_customers", [sold, back], as_of="2024-01-10"))["ann"][:3] == (9, 1, 500)


def test_an_exchange_after_the_day_of_the_report_has_not_happened_yet(ask: Ask) -> None:
    sold = sale("ann", "2024-01-01", 500, returned=200)
    swap = exchange("ann", "2024-01-20", 100, 200, original_id=sold["receipt_id"])

    assert people(ask("rfm_customers", [sold, swap], as_of="2024-01-10"))["ann"][:3] == (9, 1, 500)
    assert people(ask("rfm_customers", [sold, swap], as_of="2024-01-20"))["ann"][:3] == (0, 2, 600)


def test_an_even_exchange_is_a_purchase_and_one_that_sells_nothing_is_none(ask: Ask) -> None:
    receipts = [exchange("ann", "2024-01-02", 0, 300), exchange("bob", "2024-01-02", -300, 300)]

    found = people(ask("rfm_customers", receipts, as_of="2024-01-03"))
    assert {name: row[:3] for name, row in found.items()} == {"ann": (1, 1, 300)}


def test_blind_returns_free_receipts_points_and_strangers(ask: Ask) -> None:
    receipts = [
        sale("ann", "2024-01-01", 500, paid_with_points=100),
        taken_back("ann", "2024-01-02", -400),
        sale("ann", "2024-01-03", 0),
        sale(None, "2024-01-04", 900),
        sale("ann", "2024-01-05", 700, kind="adjustment"),
    ]

    assert people(ask("rfm_customers", receipts, as_of="2024-01-06"))["ann"][:3] == (5, 1, 400)


def test_receipts_after_the_day_do_not_count(ask: Ask) -> None:
    receipts = [sale("ann", "2024-01-01", 500), sale("ann", "2024-02-01", 900)]

    assert people(ask("rfm_customers", receipts, as_of="2024-01-31"))["ann"][:3] == (30, 1, 500)


def test_equal_values_share_a_score_and_recency_is_turned_around(ask: Ask) -> None:
    receipts = [sale(name, f"2024-01-{day:02}", net) for name, day, net in [
        ("a", 10, 100), ("b", 10, 100), ("c", 20, 300), ("d", 30, 300), ("e", 31, 900),
    ]]  # fmt: skip

    found = people(ask("rfm_customers", receipts, as_of="2024-01-31"))

    # days 21 21 11 1 0: cuts 0.8 7 15 21; money cuts 100 220 300 420; everyone bought once: cut 1
    assert {name: row[3:6] for name, row in found.items()} == {
        "a": (2, 1, 1), "b": (2, 1, 1), "c": (3, 1, 3), "d": (4, 1, 3), "e": (5, 1, 5),
    }  # fmt: skip


def test_the_cuts_are_exact_fifths(ask: Ask) -> None:
    receipts = [sale(name, f"2024-01-{day:02}", 100 * day) for name, day in zip("abcdef", (1, 2, 3, 4, 5, 7), strict=True)]

    [totals] = ask("rfm", receipts, as_of="2024-01-08", totals=True)

    # recency 7 6 5 4 3 1: 3 4 5 6; frequency 1; money 100…700: 200 300 400 500
    assert totals == (6, 6, 2200, 6, 15, 20, 25, 30, 5, 5, 5, 5, 1000, 1500, 2000, 2500)


def test_segments_share_out_all_customers_and_all_money(ask: Ask) -> None:
    # recency 0 1 516: cuts 0.4 0.8 104 310; the middle one scores 3
    receipts = [sale("new", "2024-05-30", 10)]
    receipts += [sale("old", "2023-01-01", 20)]
    receipts += [sale("best", f"2024-05-{day:02}", 100) for day in (1, 10, 20, 31)]

    rows = ask("rfm", receipts, as_of="2024-05-31")

    assert [row[:2] for row in rows] == [("champions", 1), ("about_to_sleep", 1), ("lost", 1)]
    assert [row[4] for row in rows] == [400, 10, 20]
    assert sum(row[2] for row in rows) == pytest.approx(1)


def test_each_of_the_25_cells_has_one_of_ten_segments(ask: Ask) -> None:
    receipts = [
        sale(f"{recency}{worth}", f"2024-01-{recency * 5:02}", worth * 100 + step)
        for recency in range(1, 6)
        for worth in range(1, 6)
        for step in range(worth)
    ]

    rows = ask("rfm_customers", receipts, as_of="2024-01-31")

    assert len(rows) == 25
    assert {row[7] for row in rows} == set(SEGMENTS)


def test_nobody_is_no_error(ask: Ask) -> None:
    assert ask("rfm", []) == []
    assert ask("rfm_customers", [sale(None)]) == []
