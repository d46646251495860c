"""The relationships of a customer: a panel to look, add and end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now

from akrab.customers.forms import RelationshipForm
from akrab.customers.operations.relating import end_relationship, relate_customers
from akrab.customers.queries.profiles import may_edit, relations_of
from akrab.platform.operation import require
from akrab.platform.refusal import Refusal
from akrab.platform.web import Request, answer, fragment


def index(request: Request, customer_id: UUID) -> HttpResponse:
    return fragment(request, "customers.relationships", **_shown(request, customer_id, RelationshipForm()))


def create(request: Request, customer_id: UUID) -> HttpResponse:
    require(request.actor, "customers.edit_customers")
    form = RelationshipForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            relate_customers(
                by=request.actor,
                customer_id=customer_id,
                other_id=values["other"],
                kind=values["kind"],
                note=values["note"],
                since=values["since"],
                at=now(),
            )
        except Refusal as refusal:
            form.add_error("other", str(refusal))
        else:
            return _answer(request, customer_id)
    return fragment(request, "customers.relationships", status=422, **_shown(request, customer_id, form))


def destroy(request: Request, customer_id: UUID, relationship_id: UUID) -> HttpResponse:
    end_relationship(by=request.actor, customer_id=customer_id, relationship_id=relationship_id, at=now())
    return _answer(request, customer_id)


def _answer(request: Request, customer_id: UUID) -> HttpResponse:
    to = reverse("customers:show", args=[customer_id])
    return answer(request, "customers.relationships", to=to, **_shown(request, customer_id, RelationshipForm()))


def _shown(request: Request, customer_id: UUID, form: RelationshipForm) -> dict[str, Any]:
    return {
        "relations": relations_of(by=request.actor, customer_id=customer_id),
        "customer_id": customer_id,
        "form": form,
        "may_edit": may_edit(by=request.actor, customer_id=customer_id),
    }
