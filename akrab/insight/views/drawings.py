"""Reports drawn as charts, each value leading to the list behind it (`leads.py`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from akrab.insight.queries.reports import Report
from akrab.insight.views.leads import leads
from akrab.insight.views.words import CHANNELS, SEGMENTS, month_name, named
from akrab.platform.charts import Chart, Series
from akrab.platform.templatetags.shell import day, month

LARGEST = 12


def drawing(report: Report) -> Chart | None:
    """The chart of a report, or None when a table says it better."""
    draw = DRAWINGS.get(report.name)
    return replace(draw(report), key=f"chart-{report.name}") if draw else None


def records(report: Report) -> list[dict[str, Any]]:
    names = [column.name for column in report.columns]
    return [dict(zip(names, row, strict=True)) for row in report.rows]


def _series(report: Report, name: str, field: str, *, most: int | None = None, lead: str = "", **look: Any) -> Series:
    """A column as a series, its values leading where they, or the column `lead`, lead."""
    rows = records(report)[:most]
    addresses = [leads(report, row).get(lead or field, "") for row in rows]
    return Series(name, [row.get(field) for row in rows], addresses, **look)


def _revenue(report: Report) -> Chart:
    rows, period = records(report), report.parameters["period"]
    return Chart(
        kind="line",
        labels=[month(row["period"]) if period == "month" else day(row["period"]) for row in rows],
        series=[
            _series(report, _("Revenue"), "revenue", kind="area"),
            _series(report, _("From known customers"), "identified"),
            _series(report, _("Returns"), "returns", dashed=True),
        ],
        format="money", currency=report.currency, label=_("From"),
    )  # fmt: skip


def _bars(report: Report, names: list[str], field: str, title: str, **look: Any) -> Chart:
    lead = look.pop("lead", "")
    style = {"horizontal": True, "label": title, **look}
    return Chart(kind="bar", labels=names, series=[_series(report, title, field, most=len(names), lead=lead)], **style)


def _money_bars(report: Report, names: list[str], *, lead: str = "") -> Chart:
    return _bars(report, names[:LARGEST], "revenue", _("Revenue"), lead=lead, format="money", currency=report.currency)


def _branches(report: Report) -> Chart:
    return _money_bars(report, [named(row["name"]) for row in records(report)])


def _channels(report: Report) -> Chart:
    return _money_bars(report, [str(CHANNELS.get(row["channel"], row["channel"])) for row in records(report)])


def _categories(report: Report) -> Chart:
    return _money_bars(report, [named(row["category"], _("No category")) for row in records(report)])


def _segments(report: Report) -> Chart:
    return _bars(report, [str(SEGMENTS[row["segment"]]) for row in records(report)], "customers", _("Customers"))


def _repeat(report: Report) -> Chart:
    return Chart(
        kind="bar",
        labels=[str(row["purchase"]) for row in records(report)],
        series=[_series(report, _("Customers"), "customers"), _series(report, _("Came back"), "went_on")],
        label=_("Purchase"),
    )


def _intervals(report: Report) -> Chart:
    names = [
        f"{row['band_from']}–{row['band_to']}" if row["band_to"] else _("%(days)s or more") % {"days": row["band_from"]}
        for row in records(report)
    ]
    return _bars(report, names, "usual_customers", _("Customers"), horizontal=False, label=_("Usual days between purchases"))


def _newcomers(report: Report) -> Chart:
    return Chart(
        kind="stacked",
        labels=[month_name(row["month"]) for row in records(report)],
        series=[
            _series(report, pgettext("customers", "New"), "new"),
            _series(report, pgettext("customers", "Returning"), "returning"),
        ],
        label=_("Month"),
    )


def _orders(report: Report) -> Chart:
    return Chart(
        kind="line",
        labels=[month_name(row["month"]) for row in records(report)],
        series=[_series(report, _("All"), "average"), _series(report, _("Known customers"), "known_average")],
        format="money", currency=report.currency, label=_("Month"),
    )  # fmt: skip


def _retention(report: Report) -> Chart:
    """One row per cohort; the month of the first purchase itself is always all, so it is left out."""
    cohorts: dict[int, dict[int, tuple[float | None, str]]] = {}
    sizes: dict[int, int] = {}
    for row in records(report):
        cell = (row["active_rate"], leads(report, row).get("active_rate", ""))
        cohorts.setdefault(row["cohort"], {})[row["offset"]] = cell
        sizes[row["cohort"]] = row["customers"]
    offsets = range(1, report.parameters["periods"] + 1)
    nothing = (None, "")
    return Chart(
        kind="heatmap",
        labels=[_("+%(months)s mo.") % {"months": offset} for offset in offsets],
        series=[
            Series(
                f"{month_name(cohort)} ({sizes[cohort]})",
                [cells.get(offset, nothing)[0] for offset in offsets],
                [cells.get(offset, nothing)[1] for offset in offsets],
            )
            for cohort, cells in cohorts.items()
        ],
        format="percent", digits=0, label=_("Months later"),
    )  # fmt: skip


def _best(report: Report) -> Chart:
    return _money_bars(report, [named(row["name"]) for row in records(report)], lead="name")


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
