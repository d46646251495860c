"""The history of one customer: who changed which field, from what to what, through which entrance."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from akrab.customers.queries.profiles import get_customer
from akrab.platform.journal.telling import tell_entry
from akrab.platform.queries.journal import history_of
from akrab.platform.web import Request, fragment

SHOWN = 10


def index(request: Request, customer_id: UUID) -> HttpResponse:
    get_customer(by=request.actor, customer_id=customer_id)
    everything = bool(request.GET.get("all"))
    found = history_of(by=request.actor, subject="customer", subject_id=customer_id, limit=200 if everything else SHOWN + 1)
    return fragment(
        request,
        "customers.history",
        entries=[tell_entry(one) for one in (found if everything else found[:SHOWN])],
        more=f"{request.path}?all=1" if not everything and len(found) > SHOWN else "",
        may_open=request.actor.may("platform.undo_changes"),
    )
