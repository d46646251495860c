"""The shop's part of the start page, and the first steps of a new installation."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.timezone import localdate

from akrab.commerce.models import Receipt
from akrab.commerce.queries.figures import recent_sales
from akrab.platform.templatetags.shell import percent
from akrab.platform.web import Request, fragment


def show(request: Request) -> HttpResponse:
    day = localdate()
    shop = recent_sales(by=request.actor, on=day)
    change = shop.sales.change if shop.sales else None
    return fragment(
        request,
        "commerce.today",
        shop=shop,
        today=_counted(day, day),
        week=_counted(day - timedelta(days=6), day),
        change="" if change is None else f"{'+' if change >= 0 else '-'}{percent(abs(change), 0)}",
        change_tone="" if change is None else "good" if change >= 0 else "bad",
    )


def _counted(first: date, last: date) -> str:
    """The filters of the list with exactly the receipts that a figure counts."""
    return urlencode({"day_from": first.isoformat(), "day_to": last.isoformat(), "status": Receipt.Status.COUNTED.value})
