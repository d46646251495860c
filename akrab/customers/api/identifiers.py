"""What points to a customer, over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Router
from typing_extensions import TypedDict

from akrab.customers.api.shapes import Identifier, IdentifierIn
from akrab.customers.operations.identifying import add_identifier, remove_identifier
from akrab.customers.queries.profiles import identifiers_of
from akrab.platform.actor import Actor
from akrab.platform.api.replies import reply

router = Router(tags=["identifiers"])


class IdentifierList(TypedDict):
    items: list[Identifier]


@router.get("/customers/{uuid:customer_id}/identifiers", response=IdentifierList, summary="List identifiers")
def index(request: Any, customer_id: UUID) -> HttpResponse:
    """Everything that points to a customer."""
    return _list(request.actor, customer_id)


@router.post("/customers/{uuid:customer_id}/identifiers", response={201: IdentifierList}, summary="Add an identifier")
def create(request: Any, customer_id: UUID, body: IdentifierIn) -> HttpResponse:
    """Points an identifier to a customer; refused when it points to another (409 identifier_taken)."""
    add_identifier(by=request.actor, customer_id=customer_id, kind=body.kind, value=body.value, at=now())
    return _list(request.actor, customer_id, status=201)


@router.delete(
    "/customers/{uuid:customer_id}/identifiers/{uuid:identifier_id}",
    response={204: None},
    summary="Remove an identifier",
)
def destroy(request: Any, customer_id: UUID, identifier_id: UUID) -> HttpResponse:
    """Stops an identifier from pointing to a customer; receipts that it brought stay."""
    remove_identifier(by=request.actor, customer_id=customer_id, identifier_id=identifier_id, at=now())
    return HttpResponse(status=204)


def _list(by: Actor, customer_id: UUID, *, status: int = 200) -> HttpResponse:
    items = [
        {"id": one.pk, "kind": one.kind, "value": one.value, "verified": one.verified}
        for one in identifiers_of(by=by, customer_id=customer_id)
    ]
    return reply({"items": items}, status=status)
