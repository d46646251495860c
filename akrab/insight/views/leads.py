"""Where each number of a report leads: the list with exactly the customers or receipts that it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from akrab.insight.queries.reports import Report
from akrab.insight.views import links

Record = Mapping[str, Any]
Leads = dict[str, str]


def leads(report: Report, record: Record) -> Leads:
    """The addresses behind the numbers of a row, by column; columns that no list can show are left out."""
    find = LEADS.get(report.name)
    found = find(report, record) if find else {}
    return {column: address for column, address in found.items() if column in record}


def _money(to: Callable[..., str]) -> Leads:
    """Figures of revenue and the documents behind each, through a function that takes more filters."""
    above, below = to(amount="above"), to(amount="below")
    return {"receipts": above, "sales": above, "returns": below, "revenue": to(), "identified": to(who="known")}


def _revenue(report: Report, record: Record) -> Leads:
    first, last = links.days_of_period(record["period"], report.parameters["period"], report.as_of)
    return _money(lambda **filters: links.receipts(first, last, **filters))


def _by(parameter: str, column: str) -> Callable[[Report, Record], Leads]:
    """Revenue of a window in which receipts are narrowed by a column of the row."""

    def find(report: Report, record: Record) -> Leads:
        first, last = links.window(report)
        return _money(lambda **filters: links.receipts(first, last, **{parameter: record[column]}, **filters))

    return find


def _categories(report: Report, record: Record) -> Leads:
    """Amounts of lines: a receipt of the category may hold both what was sold and what came back."""
    first, last = links.window(report)
    return {"revenue": links.receipts(first, last, category=record["category_id"] or "none")}


def _segments(report: Report, record: Record) -> Leads:
    return {"segment": links.customers(segment=record["segment"]), "customers": links.customers(segment=record["segment"])}


def _repeat(report: Report, record: Record) -> Leads:
    return {
        "customers": links.customers(purchases_from=record["purchase"]),
        "went_on": links.customers(purchases_from=record["purchase"] + 1),
    }


def _intervals(report: Report, record: Record) -> Leads:
    limits = {"interval_from": record["band_from"], "interval_to": record["band_to"]}
    return {"usual_customers": links.customers(**{name: value for name, value in limits.items() if value})}


def _newcomers(report: Report, record: Record) -> Leads:
    month = record["month"]
    return {
        "new": links.customers(first=links.month_code(month)),
        "returning": links.buyers_of_month(month, report.as_of, first_before=links.month_code(month)),
        "anonymous_receipts": links.receipts_of_month(month, report.as_of, amount="sold", who="anonymous"),
    }


def _orders(report: Report, record: Record) -> Leads:
    def sales(**filters: str) -> str:
        return links.receipts_of_month(record["month"], report.as_of, amount="sold", **filters)

    return {"receipts": sales(), "sales": sales(), "average": sales(), "known_average": sales(who="known")}


def _retention(report: Report, record: Record) -> Leads:
    cohort = links.month_code(record["cohort"])
    found = {"customers": links.customers(first=cohort)}
    if record["active"] is not None:
        active = links.buyers_of_month(record["cohort"] + record["offset"], report.as_of, first=cohort)
        found |= {"active": active, "active_rate": active}
    return found


def _customer(report: Report, record: Record) -> Leads:
    who = record["customer_id"]
    return {"name": links.customer(who), "receipts": links.receipts_of(who, report.as_of)}


LEADS: dict[str, Callable[[Report, Record], Leads]] = {
    "average_order": _orders,
    "gone_quiet": _customer,
    "new_returning": _newcomers,
    "purchase_interval": _intervals,
    "repeat_purchase": _repeat,
    "retention": _retention,
    "revenue": _revenue,
    "revenue_by_branch": _by("branch", "branch_id"),
    "revenue_by_category": _categories,
    "revenue_by_channel": _by("channel", "channel"),
    "rfm": _segments,
    "top_customers": _customer,
}
