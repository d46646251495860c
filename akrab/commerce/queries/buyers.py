"""Which customers bought between two days."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from akrab.commerce.queries.choosing import ReceiptChoice, chosen
from akrab.platform.actor import Actor


def who_bought(by: Actor, first: date | None, last: date | None) -> QuerySet[Any, Any]:
    """Ids of customers with a purchase on these business dates, as insight counts them: not wholly returned."""
    sales = ReceiptChoice(day_from=first, day_to=last, status="counted", who="known", amount="kept")
    return chosen(sales, by=by).order_by().values("customer_id")
