"""The customers' part of the start page: how many came, who is at risk, who is new."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.timezone import now

from akrab.customers.queries.choosing import Choice
from akrab.customers.queries.figures import newcomers
from akrab.customers.queries.listing import list_customers
from akrab.customers.queries.reviews import count_open_reviews
from akrab.customers.queries.showing import closed_fields
from akrab.platform.web import Request, fragment


def show(request: Request) -> HttpResponse:
    return fragment(
        request,
        "customers.today",
        newcomers=newcomers(by=request.actor, at=now()),
        reviews=count_open_reviews(by=request.actor),
    )


def people(request: Request) -> HttpResponse:
    """The biggest customers at risk and the newest of all."""
    sort = "" if "spend" in closed_fields(request.actor) else "-spend"
    quiet = list_customers(by=request.actor, choice=Choice(stage=("at_risk",), sort=sort), size=5)
    newest = list_customers(by=request.actor, choice=Choice(sort="-registered"), size=5)
    return fragment(request, "customers.quiet", quiet=quiet.page.items, newest=newest.page.items)
