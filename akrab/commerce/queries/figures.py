"""Sales of the last days, for the start page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from akrab.commerce.models import RECEIPT
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.rights.limits import where

_SQL = """
SELECT currency, count(*) FILTER (WHERE business_on = %(day)s),
    coalesce(sum(net) FILTER (WHERE business_on = %(day)s), 0),
    count(*) FILTER (WHERE business_on > %(week)s), coalesce(sum(net) FILTER (WHERE business_on > %(week)s), 0),
    coalesce(sum(net) FILTER (WHERE business_on <= %(week)s), 0)
FROM commerce_receipt r
WHERE {mine} AND business_on > %(before)s AND business_on <= %(day)s AND status = 'counted' AND kind <> 'void'
GROUP BY currency ORDER BY 4 DESC, 1 LIMIT 1
"""
_STATE = """
SELECT (SELECT max(business_on) FROM commerce_receipt r WHERE {mine}),
    (SELECT count(*) FROM (SELECT 1 FROM commerce_receipt r WHERE {mine} AND status = 'early' LIMIT 1000) AS p)
"""


@dataclass(frozen=True, slots=True)
class Sales:
    """Counted receipts and their net (minor units) today, in seven days, and in the seven days before."""

    currency: str
    today: int
    net_today: int
    week: int
    net_week: int
    net_week_before: int

    @property
    def change(self) -> float | None:
        """How much more net than the week before, as a share of it."""
        before = self.net_week_before
        return (self.net_week - before) / before if before > 0 else None


@dataclass(frozen=True, slots=True)
class Shop:
    """Sales lately (None without receipts in two weeks), the last business date, and how many documents wait."""

    sales: Sales | None
    last_on: date | None
    early: int


def recent_sales(*, by: Actor, on: date) -> Shop:
    """The shop's figures as of a day."""
    require(by, "commerce.view_receipts")
    mine, values = where(by, RECEIPT.name, "r")
    rows: Sequence[tuple[object, ...]] = fetch(
        _SQL.replace("{mine}", mine), {**values, "day": on, "week": on - timedelta(days=7), "before": on - timedelta(days=14)}
    )
    last_on, early = fetch(_STATE.replace("{mine}", mine), values)[0]
    return Shop(Sales(*rows[0]) if rows else None, last_on, early)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class DaySales:
    """Net of one business date, in minor units."""

    on: date
    net: int


@dataclass(frozen=True, slots=True)
class DailySales:
    """Sales day by day, in the currency used most; empty without receipts in that time."""

    currency: str
    days: Sequence[DaySales]


def daily_sales(*, by: Actor, until: date, days: int = 28) -> DailySales:
    """Net of each of the last days, zeros included."""
    require(by, "commerce.view_receipts")
    since = until - timedelta(days=days - 1)
    mine, values = where(by, RECEIPT.name, "r")
    rows = fetch(
        "SELECT currency, business_on, sum(net)::bigint, sum(count(*)) OVER (PARTITION BY currency) FROM commerce_receipt r "
        f"WHERE {mine} AND "
        "business_on BETWEEN %(since)s AND %(until)s AND status = 'counted' AND kind <> 'void' GROUP BY 1, 2 ORDER BY 4 DESC, 1",
        {**values, "since": since, "until": until},
    )
    if not rows:
        return DailySales("", [])
    currency = rows[0][0]
    net = {row[1]: row[2] for row in rows if row[0] == currency}
    every = [since + timedelta(days=step) for step in range(days)]
    return DailySales(currency, [DaySales(on, net.get(on, 0)) for on in every])
