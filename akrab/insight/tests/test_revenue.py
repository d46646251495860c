"""Revenue by hand: where a return takes away, and what each grouping adds up to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from akrab.insight.engines.engine import Engine
from akrab.insight.queries.workspace import Workspace
from akrab.insight.tests.conftest import Ask
from akrab.insight.tests.factories import Row, branch, exchange, line, make_lake, product, sale, taken_back

SOLD = sale("ann", "2024-01-31", 1000, returned=400)
RECEIPTS = [
    SOLD,
    sale(None, "2024-02-01", 300, channel="web", branch_id="b2"),
    taken_back("ann", "2024-02-02", -400, original_id=SOLD["receipt_id"]),
    taken_back(None, "2024-02-29", -50, channel="web", branch_id="b2"),
]


def test_a_return_takes_away_on_the_day_it_was_made(ask: Ask) -> None:
    assert ask("revenue", RECEIPTS) == [
        (date(2024, 1, 1), 1, 1000, 0, 1000, 1000),
        (date(2024, 2, 1), 1, 300, -450, -150, -400),
    ]


def test_blind_returns_are_told_apart_in_the_totals(ask: Ask) -> None:
    assert ask("revenue", RECEIPTS, totals=True) == [(2, 1300, -450, 850, 1, -50)]


def test_an_exchange_sells_and_takes_back_on_its_day(ask: Ask) -> None:
    receipts = [exchange("ann", "2024-01-31", 50, 200), exchange(None, "2024-01-31", -30, 30), sale(None, "2024-01-31", 10)]

    assert ask("revenue", receipts) == [(date(2024, 1, 1), 2, 260, -230, 30, 50)]
    assert ask("revenue", receipts, totals=True) == [(2, 260, -230, 30, 2, -230)]
    assert ask("average_order", receipts) == [(2024 * 12, 2, 260, 130.0, 250.0, 1.0)]


def test_no_amount_of_a_foreign_receipt_stays_in_its_own_currency(duck: Engine, tmp_path: Path) -> None:
    dollars: Row = {"currency": "USD", "returned": 20, "paid_with_points": 10, "tax": 11}
    receipts = [
        {**sale("ann", "2024-01-31", 100, **dollars), "base_net": 1_600_000},
        {**exchange("ann", "2024-01-31", -30, 30, **dollars), "base_net": -480_000, "base_brought_back": 480_000},
        sale("ann", "2024-01-31", 700, returned=300, paid_with_points=100),
    ]
    snapshot = make_lake(tmp_path, receipts)

    table = Workspace(duck, tmp_path, snapshot, date(2024, 6, 30)).table("receipts")
    rows = duck.rows(table.order_by("receipt_id").select("net", "brought_back", "returned", "paid_with_points"))

    assert [tuple(row.values()) for row in rows] == [
        (1_600_000, 0, 320_000, 160_000),
        (-480_000, 480_000, 0, 0),
        (700, 0, 300, 100),
    ]
    assert not {"tax", "total"} & set(table.columns)


def test_weeks_begin_on_monday_and_quarters_in_their_first_month(ask: Ask) -> None:
    receipts = [sale(None, "2024-05-26", 1), sale(None, "2024-05-27", 10)]

    assert [row[0] for row in ask("revenue", receipts, parameters={"period": "week"})] == [
        date(2024, 5, 20),
        date(2024, 5, 27),
    ]
    assert [row[0] for row in ask("revenue", receipts, parameters={"period": "quarter"})] == [date(2024, 4, 1)]


def test_branches_and_channels_share_the_whole(ask: Ask) -> None:
    branches = [branch("b1", "Kemang"), branch("b2", "Web shop", "web")]

    assert ask("revenue_by_branch", RECEIPTS, branches=branches) == [
        ("b1", "Kemang", 1, 1000, -400, 600, 600 / 850),
        ("b2", "Web shop", 1, 300, -50, 250, 250 / 850),
    ]
    assert ask("revenue_by_channel", RECEIPTS) == [
        ("store", 1, 1000, -400, 600, 600 / 850),
        ("web", 1, 300, -50, 250, 250 / 850),
    ]


def test_documents_older_than_the_window_are_left_out(ask: Ask) -> None:
    receipts = [sale(None, "2024-05-31", 1), sale(None, "2024-06-01", 10), sale(None, "2024-07-01", 100)]

    assert ask("revenue_by_channel", receipts, as_of="2024-06-30", parameters={"days": 30}) == [("store", 1, 10, 0, 10, 1.0)]


def test_categories_add_up_lines_and_keep_the_rest_under_an_empty_name(ask: Ask) -> None:
    receipt, back = sale("ann", "2024-01-31", 1000), taken_back("ann", "2024-02-01", -200)
    lines = [
        line(receipt, "latte", 600, 1, quantity=2),
        line(receipt, "cup", 300, 2),
        line(receipt, None, 100, 3),
        line(back, "latte", -200, 1, quantity=-1),
    ]
    products = [product("latte", "Coffee"), product("cup", None)]

    assert ask("revenue_by_category", [receipt, back], lines=lines, products=products) == [
        (None, "", 2, 2.0, 400, 0, 400, 0.5),
        ("c-Coffee", "Coffee", 1, 1.0, 600, -200, 400, 0.5),
    ]


def test_average_order_looks_at_sales_before_returns(ask: Ask) -> None:
    receipts = [*RECEIPTS, sale("bob", "2024-02-10", 101, lines=3)]

    assert ask("average_order", receipts) == [
        (2024 * 12, 1, 1000, 1000.0, 1000.0, 1.0),
        (2024 * 12 + 1, 2, 401, 200.5, 101.0, 2.0),
    ]
    assert ask("average_order", receipts, totals=True) == [(3, 1401, 1500, 467.0)]
