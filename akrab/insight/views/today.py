"""Insight's part of the start page: good customers who have gone quiet."""

from __future__ import annotations

from django.http import HttpResponse

from akrab.insight.queries.prepared import prepared_report
from akrab.insight.views import links
from akrab.insight.views.words import said
from akrab.platform.operation import require
from akrab.platform.web import Request, fragment


def show(request: Request) -> HttpResponse:
    require(request.actor, "insight.view_insight")
    report = prepared_report(by=request.actor, name="gone_quiet")
    customers, money = report.totals if report else (0, 0)
    return fragment(
        request,
        "insight.today",
        customers=customers,
        address=links.customers(quiet="on"),
        money=said(report.total_columns[1], money, report) if report else "",
    )
