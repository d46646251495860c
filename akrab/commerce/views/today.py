"""The shop's part of the start page, and the first steps of a new installation."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.timezone import localdate

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
        today=urlencode({"day_from": day.isoformat(), "day_to": day.isoformat()}),
        week=urlencode({"day_from": (day - timedelta(days=6)).isoformat(), "day_to": day.isoformat()}),
        change="" if change is None else f"{'+' if change >= 0 else '−'}{percent(abs(change), 0)}",
        change_tone="" if change is None else "good" if change >= 0 else "bad",
    )
