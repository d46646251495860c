"""The customers' part of the start page."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.timezone import now

from akrab.customers.queries.figures import newcomers
from akrab.customers.queries.reviews import count_open_reviews
from akrab.platform.web import Request, fragment


def show(request: Request) -> HttpResponse:
    return fragment(
        request, "customers.today", newcomers=newcomers(by=request.actor, at=now()),
        reviews=count_open_reviews(by=request.actor),
    )
