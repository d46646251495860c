"""One report: its rule, its chart, all of its rows, and the file of them."""

from __future__ import annotations

import csv
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from akrab.insight.queries.plain import plain_value
from akrab.insight.queries.prepared import prepared_report
from akrab.insight.queries.reports import Report
from akrab.insight.views import links
from akrab.insight.views.drawings import drawing
from akrab.insight.views.home import freshness
from akrab.insight.views.leads import leads
from akrab.insight.views.words import is_figure, named, said
from akrab.platform.operation import require
from akrab.platform.tabular.formulas import harmless
from akrab.platform.web import Request, page

HIDDEN = frozenset({"customer_id", "branch_id", "category_id"})


def show(request: Request, name: str) -> HttpResponse:
    report = _found(request, name)
    columns = [column for column in report.columns if column.name not in HIDDEN]
    totals = [column for column in report.total_columns if "__" not in column.name]
    query = request.GET.urlencode()
    return page(
        request, "insight/report.html", report=report, chart=drawing(report), freshness=freshness({name: report}),
        columns=[(column, is_figure(column)) for column in columns],
        rows=[_row(report, row) for row in report.rows],
        totals=[(column.label, said(column, report.totals[report.total_columns.index(column)], report)) for column in totals],
        csv=links.csv_address(request.actor, name, query),
    )  # fmt: skip


def download(request: Request, name: str) -> HttpResponse:
    """The rows as CSV, with a byte order mark for spreadsheets; a text that looks like a formula stays a text."""
    require(request.actor, "platform.export")
    report = _found(request, name)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{report.name}-{report.as_of.isoformat()}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([column.name for column in report.columns])
    for row in report.rows:
        pairs = zip(report.columns, row, strict=True)
        writer.writerow([_safe(plain_value(column, value, report.currency)) for column, value in pairs])
    return response


def _found(request: Request, name: str) -> Report:
    require(request.actor, "insight.view_insight")
    report = prepared_report(by=request.actor, name=name, variant=request.GET.get("variant", ""))
    if report is None:
        raise Http404(_("There is no such report."))
    return report


def _row(report: Report, row: tuple[Any, ...]) -> list[tuple[str, str, bool]]:
    """Shown value, address and alignment of each cell."""
    record = dict(zip((column.name for column in report.columns), row, strict=True))
    to = leads(report, record)
    return [
        (said(column, record[column.name], report) or named(None), to.get(column.name, ""), is_figure(column))
        for column in report.columns
        if column.name not in HIDDEN
    ]


def _safe(value: Any) -> Any:
    return "" if value is None else harmless(value) if isinstance(value, str) else value
