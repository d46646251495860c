"""Receipts and products for the command palette."""

from __future__ import annotations

from django.http import HttpResponse

from akrab.commerce.queries.choosing import find_receipts
from akrab.commerce.queries.shelves import find_products
from akrab.platform.web import Request, fragment


def options(request: Request) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:80]
    receipts = find_receipts(by=request.actor, number=words) if any(map(str.isdigit, words)) else []
    products = find_products(by=request.actor, words=words) if len(words) > 1 else []
    return fragment(request, "commerce.options", receipts=receipts, products=products)
