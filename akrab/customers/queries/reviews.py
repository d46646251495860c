"""Evidence that intake would not act on and that waits for a person."""

from __future__ import annotations

from akrab.customers.models import ReviewItem
from akrab.platform.actor import Actor
from akrab.platform.operation import require
from akrab.platform.paging import Count, Key, Order, Page, capped_count, paginate

NEWEST_FIRST = Order((Key("opened_at"),), descending=True)


def open_reviews(*, by: Actor, kind: str = "", cursor: str = "") -> Page[ReviewItem]:
    """Open review items, newest first."""
    require(by, "customers.view_customers")
    rows = ReviewItem._default_manager.filter(settled_at=None).select_related("customer", "other")
    return paginate(rows.filter(kind=kind) if kind else rows, order=NEWEST_FIRST, cursor=cursor, size=50)


def count_open_reviews(*, by: Actor) -> Count:
    """How many review items are open."""
    require(by, "customers.view_customers")
    return capped_count(ReviewItem._default_manager.filter(settled_at=None))
