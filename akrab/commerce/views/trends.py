"""Sales of the last four weeks, day by day, on the start page."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from akrab.commerce.queries.figures import daily_sales
from akrab.platform.charts import Chart, Series
from akrab.platform.templatetags.shell import day
from akrab.platform.web import Request, fragment


def show(request: Request) -> HttpResponse:
    sales = daily_sales(by=request.actor, until=localdate())
    receipts = reverse("commerce:receipts")
    chart = Chart(
        "bar",
        [day(one.on, "short") for one in sales.days],
        [
            Series(
                _("Net sales"),
                [one.net for one in sales.days],
                [f"{receipts}?day_from={one.on:%Y-%m-%d}&day_to={one.on:%Y-%m-%d}&status=counted" for one in sales.days],
            )
        ],
        format="money",
        currency=sales.currency or None,
        label=_("Day"),
    )
    return fragment(request, "commerce.trend", chart=chart, is_empty=not sales.days)
