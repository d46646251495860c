"""First steps: what a new installation needs before there is anything to see."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate

from akrab.commerce.queries.figures import recent_sales
from akrab.platform.web import Request, fragment


def show(request: Request) -> HttpResponse:
    """The steps while no receipt has arrived; afterwards nothing."""
    shop = recent_sales(by=request.actor, on=localdate())
    may_import = request.actor.may("platform.run_imports")
    return fragment(
        request,
        "commerce.steps",
        is_new=shop.last_on is None,
        imports=_address("platform:imports") if may_import else "",
        users=_address("platform:users") if request.actor.may("platform.manage_users") else "",
        keys=_address("platform:tokens"),
    )


def _address(name: str) -> str:
    """The address of a page, or nothing while that page is not there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
