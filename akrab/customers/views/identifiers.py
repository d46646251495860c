"""The identifiers of a customer: a panel to look, add and remove."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now

from akrab.customers.forms import IdentifierForm
from akrab.customers.operations.identifying import add_identifier, remove_identifier
from akrab.customers.queries.profiles import identifiers_of, may_edit
from akrab.platform.operation import require
from akrab.platform.refusal import Refusal
from akrab.platform.web import Request, answer, fragment


def index(request: Request, customer_id: UUID) -> HttpResponse:
    return fragment(request, "customers.identifiers", **_shown(request, customer_id, IdentifierForm()))


def create(request: Request, customer_id: UUID) -> HttpResponse:
    require(request.actor, "customers.edit_customers")
    form = IdentifierForm(request.POST)
    if form.is_valid():
        try:
            add_identifier(by=request.actor, customer_id=customer_id, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("value", str(refusal))
        else:
            return _answer(request, customer_id)
    return fragment(request, "customers.identifiers", status=422, **_shown(request, customer_id, form))


def destroy(request: Request, customer_id: UUID, identifier_id: UUID) -> HttpResponse:
    remove_identifier(by=request.actor, customer_id=customer_id, identifier_id=identifier_id, at=now())
    return _answer(request, customer_id)


def _answer(request: Request, customer_id: UUID) -> HttpResponse:
    to = reverse("customers:show", args=[customer_id])
    return answer(request, "customers.identifiers", to=to, **_shown(request, customer_id, IdentifierForm()))


def _shown(request: Request, customer_id: UUID, form: IdentifierForm) -> dict[str, Any]:
    return {
        "identifiers": identifiers_of(by=request.actor, customer_id=customer_id),
        "customer_id": customer_id,
        "form": form,
        "may_edit": may_edit(by=request.actor, customer_id=customer_id),
    }
