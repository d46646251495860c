"""How customers belong together, over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.customers.operations.relating import end_relationship, relate_customers
from akrab.customers.queries.profiles import get_customer, relations_of
from akrab.platform.actor import Actor
from akrab.platform.api.replies import reply
from akrab.platform.api.shapes import Day, Input, Text

router = Router(tags=["relationships"])
RelationshipKind = Literal["works_at", "decides_for", "household", "subsidiary_of"]


class RelationshipIn(Input):
    """How this customer belongs to the other one."""

    other_id: UUID
    kind: RelationshipKind
    note: Annotated[Text, Field(max_length=200)] = ""
    since: Day | None = None


class Relationship(TypedDict):
    """Seen from one side: `direction` is out when it reads from this customer to the other."""

    id: UUID
    other_id: UUID
    other_name: str
    other_kind: str
    kind: RelationshipKind
    direction: Literal["out", "in"]
    note: str
    since: date | None


class RelationshipList(TypedDict):
    items: list[Relationship]


@router.get("/customers/{uuid:customer_id}/relationships", response=RelationshipList, summary="List relationships")
def index(request: Any, customer_id: UUID) -> HttpResponse:
    """Both directions."""
    return _list(request.actor, customer_id)


@router.post("/customers/{uuid:customer_id}/relationships", response={201: RelationshipList}, summary="Relate two customers")
def create(request: Any, customer_id: UUID, body: RelationshipIn) -> HttpResponse:
    """States a relationship; saying it again only renews note and date."""
    relate_customers(
        by=request.actor,
        customer_id=customer_id,
        other_id=body.other_id,
        kind=body.kind,
        at=now(),
        note=body.note,
        since=body.since,
    )
    return _list(request.actor, customer_id, status=201)


@router.delete(
    "/customers/{uuid:customer_id}/relationships/{uuid:relationship_id}",
    response={204: None},
    summary="End a relationship",
)
def destroy(request: Any, customer_id: UUID, relationship_id: UUID) -> HttpResponse:
    """Takes a relationship away, from whichever side."""
    end_relationship(by=request.actor, customer_id=customer_id, relationship_id=relationship_id, at=now())
    return HttpResponse(status=204)


def _list(by: Actor, customer_id: UUID, *, status: int = 200) -> HttpResponse:
    get_customer(by=by, customer_id=customer_id)
    items = [
        {
            "id": one.id,
            "other_id": one.other_id,
            "other_name": one.other_name,
            "other_kind": one.other_kind,
            "kind": one.kind,
            "direction": "out" if one.is_outgoing else "in",
            "note": one.note,
            "since": one.since,
        }
        for one in relations_of(by=by, customer_id=customer_id)
    ]
    return reply({"items": items}, status=status)
