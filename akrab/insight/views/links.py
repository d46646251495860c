"""Where a number leads: the list of customers or receipts behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from akrab.insight.queries.reports import Report
from akrab.platform.actor import Actor


def customers(**filters: Any) -> str:
    """The customer list narrowed by these filters."""
    return f"{reverse('customers:index')}?{urlencode(filters)}"


def csv_address(by: Actor, name: str, query: str) -> str:
    """Where a report can be downloaded, for those who may export; an empty text for the others."""
    if not by.may("platform.export"):
        return ""
    return reverse("insight:report_csv", args=[name]) + (f"?{query}" if query else "")


def customer(customer_id: str) -> str:
    return reverse("customers:show", args=[customer_id])


def receipts(first: date, last: date, **filters: Any) -> str:
    """The receipts of these business days, counted ones only."""
    days = {"day_from": first.isoformat(), "day_to": last.isoformat()}
    return f"{reverse('commerce:receipts')}?{urlencode({**days, 'status': 'counted', **filters})}"


def receipts_of_month(month: int, until: date, **filters: Any) -> str:
    return receipts(first_day(month), min(first_day(month + 1) - timedelta(days=1), until), **filters)


def receipts_of(customer_id: str, until: date) -> str:
    """The purchases of a customer, as insight counts them."""
    filters = {"customer": customer_id, "amount": "kept", "status": "counted", "day_to": until.isoformat()}
    return f"{reverse('commerce:receipts')}?{urlencode(filters)}"


def buyers_of_month(month: int, until: date, **filters: Any) -> str:
    """The customers who bought in a month, narrowed by these filters."""
    last = min(first_day(month + 1) - timedelta(days=1), until)
    return customers(bought_from=first_day(month).isoformat(), bought_to=last.isoformat(), **filters)


def days_of_period(first: date, period: str, until: date) -> tuple[date, date]:
    """First and last day of the day, week, month, quarter or year that begins on `first`, up to a day."""
    months = {"month": 1, "quarter": 3, "year": 12}
    if period in months:
        end = first_day(first.year * 12 + first.month - 1 + months[period])
    else:
        end = first + timedelta(days=7 if period == "week" else 1)
    return first, min(end - timedelta(days=1), until)


def window(report: Report) -> tuple[date, date]:
    """First and last business day of a report that looks back some days (0: everything)."""
    days = report.parameters["days"]
    first = report.as_of - timedelta(days=days - 1) if days else date(1970, 1, 1)
    return first, report.as_of


def month_code(month: int) -> str:
    """A month as filters and traits write it: 2026-03."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


def first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
