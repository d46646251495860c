"""A small lake full of trouble: nulls, ties, zeros, leap days, month ends, midnights, accents, returns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from akrab.insight.tests.factories import Row, branch, customer, exchange, line, make_lake, product, sale, taken_back
from akrab.platform.lake.manifest import Snapshot

AS_OF = "2024-05-31"

BRANCHES = [
    branch("b1", "Kemang", zone="Asia/Jakarta"),
    branch("b2", "Ubud", zone="Asia/Makassar"),
    branch("b3", "Sorong", zone="Asia/Jayapura"),
    branch("b4", "Toko daring", "web", "UTC"),
]

ONE_MINUTE = datetime.fromisoformat("2024-03-31T16:59")

# the same minute lies on two business days: 17:00 UTC is midnight in WIB, past one o'clock in WIT
MIDNIGHT = [
    sale("jo", "2024-03-31", 1100, branch_id="b1", hour=23, occurred_at=ONE_MINUTE),
    sale("jo", "2024-04-01", 1200, branch_id="b2", hour=0, occurred_at=ONE_MINUTE),
    sale("jo", "2024-04-01", 1300, branch_id="b3", hour=1, occurred_at=ONE_MINUTE),
]

TIES = [sale(f"tie{n}", "2024-02-29", 5000, channel="web", branch_id="b4") for n in range(7)]

MONTH_ENDS = [
    sale("ends", day, 700 + n)
    for n, day in enumerate(["2023-01-31", "2023-02-28", "2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"])
]

HABITS = [
    *[sale("weekly", f"2024-0{month}-{day:02}", 250) for month in (1, 2) for day in (1, 8, 15, 22)],
    *[sale("monthly", f"2024-0{month}-05", 900, lines=3) for month in (1, 2, 3, 4, 5)],
    sale("twice", "2024-01-10", 300),
    sale("twice", "2024-01-10", 400),
    sale("once", "2023-06-15", 123456789),
    sale("José Ñandú", "2024-05-30", 1),
]

BOUGHT = sale("back", "2024-01-05", 4000, returned=1500)
GONE = sale("gone", "2024-01-06", 2500, returned=2500)
LATE = sale("late", "2024-05-20", 600, returned=600)
SWAPPED = sale("late", "2024-05-21", 950, returned=900)
STRANGER = sale(None, "2024-02-02", 800, returned=300)

RETURNS = [
    BOUGHT,
    GONE,
    LATE,
    STRANGER,
    taken_back("back", "2024-02-05", -1500, original_id=BOUGHT["receipt_id"]),
    taken_back("gone", "2024-01-07", -2500, original_id=GONE["receipt_id"]),
    taken_back("late", "2024-06-02", -600, original_id=LATE["receipt_id"]),  # after the day of the report
    taken_back(None, "2024-02-03", -300, original_id=STRANGER["receipt_id"]),
    SWAPPED,
    exchange("late", "2024-06-03", 50, 900, original_id=SWAPPED["receipt_id"]),  # after the day of the report
    taken_back("back", "2024-03-05", -999),  # blind
    taken_back(None, "2024-03-05", -77),
]

ODD = [
    sale("zero", "2024-01-01", 0),
    sale("points", "2024-01-02", 1000, paid_with_points=1000),
    sale("minus", "2024-01-03", -50, kind="adjustment"),
    sale("swap", "2024-01-04", 0, kind="exchange"),
    exchange("swap", "2024-01-05", 0, 350),
    exchange(None, "2024-01-06", -40, 90, channel="web"),
    exchange("swap", "2024-02-07", -300, 300),  # sells nothing
    exchange("swap", "2024-02-08", 120, 80, returned=50),
    sale("future", "2024-06-01", 4444),
    sale(None, "2023-12-31", 31),
    sale(None, "2024-02-29", 29, channel="delivery"),
    sale("huge", "2024-04-30", 9_000_000_000_000, lines=2),
]

RECEIPTS: Sequence[Row] = [*MIDNIGHT, *TIES, *MONTH_ENDS, *HABITS, *RETURNS, *ODD]

PRODUCTS = [product("p1", "Coffee"), product("p2", "Crème brûlée"), product("p3", None)]
LINES = [
    *[line(each, ("p1", "p2", "p3", None)[n % 4], quantity=0.5 + n % 3) for n, each in enumerate(RECEIPTS)],
    line(RECEIPTS[0], "unknown", 0, number=2),
]


def nasty_lake(root: Path) -> Snapshot:
    """All of it as a lake; one buyer is missing among the customers, one customer never bought."""
    names = sorted({str(row["customer_id"]) for row in RECEIPTS if row["customer_id"] not in (None, "tie0")})
    people = [*[customer(name) for name in names], customer("nobody", "Éire O'Brien 🙂")]
    return make_lake(root, RECEIPTS, customers=people, branches=BRANCHES, products=PRODUCTS, lines=LINES)
