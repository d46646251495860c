"""Reports drawn as charts, each value leading to the list behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from akrab.insight.queries.reports import Report
from akrab.insight.views import links
from akrab.insight.views.words import CHANNELS, SEGMENTS, month_name, named
from akrab.platform.charts import Chart, Series
from akrab.platform.templatetags.shell import day

LARGEST = 12


def drawing(report: Report) -> Chart | None:
    """The chart of a report, or None when a table says it better."""
    draw = DRAWINGS.get(report.name)
    return replace(draw(report), key=f"chart-{report.name}") if draw else None


def records(report: Report) -> list[dict[str, Any]]:
    names = [column.name for column in report.columns]
    return [dict(zip(names, row, strict=True)) for row in report.rows]


def _revenue(report: Report) -> Chart:
    rows, period = records(report), report.parameters["period"]
    leads = [links.receipts_of_period(row["period"], period, report.as_of) for row in rows]
    names = [month_name(row["period"].year * 12 + row["period"].month - 1) for row in rows]
    return Chart(
        kind="line",
        labels=names if period == "month" else [day(row["period"]) for row in rows],
        series=[
            Series(_("Revenue"), [row["revenue"] for row in rows], leads, kind="area"),
            Series(_("From known customers"), [row["identified"] for row in rows], leads),
            Series(_("Returns"), [row["returns"] for row in rows], leads, dashed=True),
        ],
        format="money", currency=report.currency, label=_("From"),
    )  # fmt: skip


def _bars(report: Report, names: list[str], field: str, title: str, leads: list[str], **look: Any) -> Chart:
    values = [row[field] for row in records(report)[: len(names)]]
    style = {"horizontal": True, "label": title, **look}
    return Chart(kind="bar", labels=names, series=[Series(title, values, leads)], **style)


def _branches(report: Report) -> Chart:
    rows, (first, last) = records(report)[:LARGEST], links.window(report)
    leads = [links.receipts(first, last, branch=row["branch_id"]) for row in rows]
    names = [named(row["name"]) for row in rows]
    return _bars(report, names, "revenue", _("Revenue"), leads, format="money", currency=report.currency)


def _channels(report: Report) -> Chart:
    rows, (first, last) = records(report), links.window(report)
    leads = [links.receipts(first, last, channel=row["channel"]) for row in rows]
    names = [str(CHANNELS.get(row["channel"], row["channel"])) for row in rows]
    return _bars(report, names, "revenue", _("Revenue"), leads, format="money", currency=report.currency)


def _categories(report: Report) -> Chart:
    rows = records(report)[:LARGEST]
    leads = [links.products(row["category_id"]) for row in rows]
    names = [named(row["category"], _("No category")) for row in rows]
    return _bars(report, names, "revenue", _("Revenue"), leads, format="money", currency=report.currency)


def _segments(report: Report) -> Chart:
    rows = records(report)
    leads = [links.customers(segment=row["segment"]) for row in rows]
    return _bars(report, [str(SEGMENTS[row["segment"]]) for row in rows], "customers", _("Customers"), leads)


def _repeat(report: Report) -> Chart:
    rows = records(report)
    leads = [links.customers(purchases_from=row["purchase"]) for row in rows]
    again = [links.customers(purchases_from=row["purchase"] + 1) for row in rows]
    return Chart(
        kind="bar",
        labels=[str(row["purchase"]) for row in rows],
        series=[
            Series(_("Customers"), [row["customers"] for row in rows], leads),
            Series(_("Came back"), [row["went_on"] for row in rows], again),
        ],
        label=_("Purchase"),
    )


def _intervals(report: Report) -> Chart:
    rows = records(report)
    names = [
        f"{row['band_from']}–{row['band_to']}" if row["band_to"] else _("%(days)s or more") % {"days": row["band_from"]}
        for row in rows
    ]
    leads = [links.customers(purchases_from=2)] * len(rows)
    return _bars(report, names, "intervals", _("Intervals"), leads, horizontal=False, label=_("Days"))


def _newcomers(report: Report) -> Chart:
    rows = records(report)
    new = [links.customers(first=links.cohort_name(row["month"])) for row in rows]
    back = [links.receipts_of_month(row["month"], report.as_of, who="known") for row in rows]
    return Chart(
        kind="stacked",
        labels=[month_name(row["month"]) for row in rows],
        series=[
            Series(pgettext("customers", "New"), [row["new"] for row in rows], new),
            Series(pgettext("customers", "Returning"), [row["returning"] for row in rows], back),
        ],
        label=_("Month"),
    )


def _orders(report: Report) -> Chart:
    rows = records(report)
    leads = [links.receipts_of_month(row["month"], report.as_of, kind="sale") for row in rows]
    return Chart(
        kind="line",
        labels=[month_name(row["month"]) for row in rows],
        series=[
            Series(_("All"), [row["average"] for row in rows], leads),
            Series(_("Known customers"), [row["known_average"] for row in rows], leads),
        ],
        format="money", currency=report.currency, label=_("Month"),
    )  # fmt: skip


def _retention(report: Report) -> Chart:
    """One row per cohort; the month of the first purchase itself is always all, so it is left out."""
    cohorts: dict[int, dict[int, float | None]] = {}
    sizes: dict[int, int] = {}
    for row in records(report):
        cohorts.setdefault(row["cohort"], {})[row["offset"]] = row["active_rate"]
        sizes[row["cohort"]] = row["customers"]
    offsets = range(1, report.parameters["periods"] + 1)
    return Chart(
        kind="heatmap",
        labels=[_("+%(months)s mo.") % {"months": offset} for offset in offsets],
        series=[
            Series(
                f"{month_name(cohort)} ({sizes[cohort]})",
                [cells.get(offset) for offset in offsets],
                [
                    links.receipts_of_month(cohort + offset, report.as_of, kind="sale", cohort=links.cohort_name(cohort))
                    if cells.get(offset) is not None else ""
                    for offset in offsets
                ],
            )
            for cohort, cells in cohorts.items()
        ],
        format="percent", digits=0, label=_("Months later"),
    )  # fmt: skip


def _best(report: Report) -> Chart:
    rows = records(report)[:LARGEST]
    leads = [links.customer(row["customer_id"]) for row in rows]
    names = [named(row["name"]) for row in rows]
    return _bars(report, names, "revenue", _("Revenue"), leads, format="money", currency=report.currency)


DRAWINGS: dict[str, Callable[[Report], Chart]] = {
    "average_order": _orders,
    "new_returning": _newcomers,
    "purchase_interval": _intervals,
    "repeat_purchase": _repeat,
    "retention": _retention,
    "revenue": _revenue,
    "revenue_by_branch": _branches,
    "revenue_by_category": _categories,
    "revenue_by_channel": _channels,
    "rfm": _segments,
    "top_customers": _best,
}
