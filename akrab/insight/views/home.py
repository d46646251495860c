"""The insight home: the state of the business in figures and charts, each leading to the list behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.insight.queries.prepared import prepared_reports
from akrab.insight.queries.reports import Report
from akrab.insight.views import links
from akrab.insight.views.drawings import drawing, records
from akrab.insight.views.words import said
from akrab.platform.actor import Actor
from akrab.platform.operation import require
from akrab.platform.templatetags.shell import number, percent
from akrab.platform.web import Request, page

PERIODS = {"month": "revenue", "week": "revenue:days=365,period=week", "day": "revenue:days=90,period=day"}
CHARTS = (
    "rfm", "new_returning", "retention", "repeat_purchase", "average_order", "purchase_interval",
    "revenue_by_branch", "revenue_by_channel", "revenue_by_category",
)  # fmt: skip
STALE_AFTER = timedelta(days=2)
SHOWN = 8


def index(request: Request) -> HttpResponse:
    require(request.actor, "insight.view_insight")
    reports = prepared_reports(by=request.actor)
    made = f'"{max((report.made_at.isoformat() for report in reports.values()), default="")}"'
    if request.headers.get("If-None-Match") == made:
        return HttpResponse(status=304)
    period = request.GET.get("period", "")
    chosen = period if period in PERIODS else "month"
    here = reverse("insight:index")
    names = {"month": _("Months"), "week": _("Weeks"), "day": _("Days")}
    return page(
        request, "insight/index.html",
        made=made,
        freshness=freshness(reports),
        has_data=any(report.data_until for report in reports.values()),
        may_refresh=request.actor.may("insight.refresh_insight"),
        figures=_figures(reports),
        revenue=_framed(request.actor, reports, PERIODS[chosen]),
        periods=[{"key": key, "title": names[key], "url": f"{here}?period={key}"} for key in PERIODS],
        period=chosen,
        charts=[frame for frame in (_framed(request.actor, reports, name) for name in CHARTS) if frame],
        quiet=_people(reports.get("gone_quiet"), ("last_on", "times_usual", "revenue")),
        pages=[
            (report.title, reverse("insight:report", args=[name])) for name, report in reports.items() if ":" not in name
        ],
        best=_people(reports.get("top_customers"), ("receipts", "last_on", "revenue")),
    )  # fmt: skip


def freshness(reports: dict[str, Report]) -> dict[str, Any] | None:
    """Which data the page rests on, and whether it has grown old."""
    if not reports:
        return None
    oldest = min(reports.values(), key=lambda report: report.made_at)
    return {"report": oldest, "is_stale": now() - oldest.made_at > STALE_AFTER}


def _framed(by: Actor, reports: dict[str, Report], key: str) -> dict[str, Any] | None:
    """A chart with its title, note and downloads."""
    report = reports.get(key)
    if report is None:
        return None
    name, _colon, variant = key.partition(":")
    suffix = f"variant={variant}" if variant else ""
    return {
        "report": report,
        "chart": drawing(report),
        "csv": links.csv_address(by, name, suffix),
        "size": "tall" if name == "retention" else "",
    }


def _figures(reports: dict[str, Report]) -> list[dict[str, str]]:
    """The figures at the top of the page."""
    repeat, quiet, order = (_totals(reports, name) for name in ("repeat_purchase", "gone_quiet", "average_order"))
    if not repeat["customers"]:
        return []
    return [
        {
            "title": _("Customers who bought"), "value": number(repeat["customers"]),
            "note": _("%(receipts)s receipts") % {"receipts": number(repeat["receipts"])},
            "href": links.customers(purchases_from=1),
        },
        {
            "title": _("Came back"), "value": percent(repeat["repeat_rate"]),
            "note": _("%(customers)s bought again") % {"customers": number(repeat["repeat_customers"])},
            "href": links.customers(purchases_from=2),
        },
        {
            "title": _("Bought once"), "value": number(repeat["one_time_buyers"]),
            "note": _("not yet a second time"), "href": links.customers(purchases_from=1, purchases_to=1),
        },
        {
            "title": _("Average order"), "value": order["average:said"], "note": _("before returns, without tax"),
            "href": reverse("insight:report", args=["average_order"]),
        },
        {
            "title": _("Gone quiet"), "value": number(quiet["customers"]),
            "note": _("%(money)s spent so far") % {"money": quiet["revenue:said"]}, "href": links.customers(quiet="on"),
        },
    ]  # fmt: skip


def _totals(reports: dict[str, Report], name: str) -> dict[str, Any]:
    report = reports.get(name)
    if report is None:
        return dict.fromkeys(("customers", "revenue:said", "average:said"))
    pairs = zip(report.total_columns, report.totals, strict=True)
    values: dict[str, Any] = {}
    for column, value in pairs:
        values |= {column.name: value, f"{column.name}:said": said(column, value, report)}
    return values


def _people(report: Report | None, fields: tuple[str, ...]) -> dict[str, Any] | None:
    """The first customers of a report as a table."""
    if report is None or not report.rows:
        return None
    columns = [column for column in report.columns if column.name in fields]
    return {
        "report": report,
        "columns": columns,
        "rows": [
            (row["name"] or row["customer_id"], links.customer(row["customer_id"]),
             [said(column, row[column.name], report) for column in columns])
            for row in records(report)[:SHOWN]
        ],
        "page": reverse("insight:report", args=[report.name]),
    }  # fmt: skip
