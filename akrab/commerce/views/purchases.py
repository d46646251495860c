"""The purchases of one customer, on the customer's profile."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from django.http import HttpResponse

from akrab.commerce.queries.purchases import customer_purchases
from akrab.platform.web import Request, fragment


def index(request: Request, customer_id: UUID) -> HttpResponse:
    purchases = customer_purchases(by=request.actor, customer_id=customer_id)
    hour = f"{time(purchases.habits.hour):%H:%M}" if purchases.habits else ""
    return fragment(request, "commerce.purchases", purchases=purchases, hour=hour, customer_id=customer_id)
