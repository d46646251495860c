"""Review items: evidence that intake would not act on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.customers.models import ReviewItem
from akrab.customers.operations.settling import settle_review
from akrab.customers.queries.reviews import open_reviews
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in ReviewItem.Kind.values else ""
    found = open_reviews(by=request.actor, kind=kind, cursor=request.GET.get("cursor", ""))
    here = reverse("customers:reviews")
    tabs = [
        {"title": _("All"), "url": here, "key": ""},
        *({"title": title, "url": f"{here}?kind={code}", "key": code} for code, title in ReviewItem.Kind.choices),
    ]
    base = f"{here}?kind={kind}&" if kind else f"{here}?"
    return page(
        request,
        "customers/reviews.html",
        reviews=found,
        tabs=tabs,
        kind=kind,
        next=f"{base}cursor={found.next}" if found.next else "",
        previous=f"{base}cursor={found.previous}" if found.previous else "",
        may_edit=request.actor.may("customers.edit_customers"),
    )


def settle(request: Request, review_id: UUID) -> HttpResponse:
    settle_review(by=request.actor, review_id=review_id, at=now())
    toast(request, _("Settled."))
    return redirect(request, "customers:reviews")
