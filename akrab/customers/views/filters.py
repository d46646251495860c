"""Building the filter of the customer list from conditions joined by AND and OR."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from akrab.customers.queries.filtering import FILTERABLE
from akrab.customers.queries.lists import CUSTOMERS
from akrab.platform.listing.building import added, build
from akrab.platform.listing.declaring import SAFE
from akrab.platform.web import Request, page

STEPS = ("at", "field", "op", "value", "add")


def edit(request: Request) -> HttpResponse:
    """Each step is an address of this page; the last one leads to the list."""
    given = request.GET.copy()
    if where := added(given):
        given["where"] = where
        for name in STEPS:
            given.pop(name, None)
    kept = given.copy()
    for name in set(kept) - {*CUSTOMERS.parameters, "view"}:
        del kept[name]

    def address(tree: str, base: str = "customers:filter") -> str:
        changed = kept.copy()
        changed["where"] = tree
        return f"{reverse(base)}?{changed.urlencode(safe=SAFE)}"

    builder = build(FILTERABLE, given, by=request.actor, address=address)
    return page(
        request,
        "customers/filter.html",
        part="platform.filter-builder",
        builder=builder,
        action=reverse("customers:filter"),
        kept=[(name, value) for name, values in kept.lists() for value in values if name != "where"],
        show=address(builder.where, "customers:index"),
    )
