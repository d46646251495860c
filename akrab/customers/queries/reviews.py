"""Evidence that intake would not act on and that waits for a person."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from akrab.customers.models import CUSTOMER, ReviewItem
from akrab.platform.actor import Actor
from akrab.platform.operation import require
from akrab.platform.paging import Count, Key, Order, Page, capped_count, paginate
from akrab.platform.rights.conditions import EVERYTHING, as_q
from akrab.platform.rights.limits import limit

NEWEST_FIRST = Order((Key("opened_at"),), descending=True)


def open_reviews(*, by: Actor, kind: str = "", cursor: str = "") -> Page[ReviewItem]:
    """Open review items, newest first."""
    require(by, "customers.view_customers")
    rows = _within_reach(by).select_related("customer", "other")
    return paginate(rows.filter(kind=kind) if kind else rows, order=NEWEST_FIRST, cursor=cursor, size=50)


def count_open_reviews(*, by: Actor) -> Count:
    """How many review items are open."""
    require(by, "customers.view_customers")
    return capped_count(_within_reach(by))


def _within_reach(by: Actor) -> QuerySet[ReviewItem]:
    """The open items about customers whom the actor may see, both of them."""
    rows = ReviewItem._default_manager.filter(settled_at=None)
    mine = limit(by, CUSTOMER.name)
    if mine == EVERYTHING:
        return rows
    return rows.filter(as_q(mine, through="customer__"), Q(other=None) | as_q(mine, through="other__"))
