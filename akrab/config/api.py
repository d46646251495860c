"""The API with the routers of every room, and its own small table of addresses."""

from __future__ import annotations

from django.urls import path

from akrab.collaboration.api import activities, notes, tasks
from akrab.commerce.api import branches, closings, products, receipts
from akrab.customers.api import consents, customers, identifiers, merges, privacy, relationships, timelines
from akrab.insight import api as insight
from akrab.platform.api import custom_fields, facts, imports, journal, me, saved_views, webhooks
from akrab.platform.api.application import Api

api = Api()
for part in (
    customers,
    identifiers,
    relationships,
    timelines,
    merges,
    consents,
    privacy,
    tasks,
    notes,
    activities,
    products,
    branches,
    receipts,
    closings,
    facts,
    insight,
    imports,
    journal,
    saved_views,
    custom_fields,
    me,
    webhooks,
):
    api.add_router("", part.router)

urlpatterns = [path("api/v1/", api.urls)]
