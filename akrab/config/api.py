"""The API with the routers of every room."""

from __future__ import annotations

from akrab.commerce.api import receipts
from akrab.customers.api import customers
from akrab.platform.api.application import Api

api = Api()
for room in (customers, receipts):
    api.add_router("", room.router)
