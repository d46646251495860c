"""The timeline of a customer over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from typing_extensions import TypedDict

from akrab.customers.queries.profiles import get_customer
from akrab.customers.queries.timeline import customer_timeline
from akrab.platform.api.facts import Kind, payload_out
from akrab.platform.api.lists import Cursor, Limit
from akrab.platform.api.replies import reply

router = Router(tags=["timeline"])


class TimelineItem(TypedDict):
    """One fact of a customer; `payload` is described by kind in the catalog of facts."""

    id: UUID
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    who: str
    entrance: str
    payload: dict[str, Any]


class TimelinePage(TypedDict):
    items: list[TimelineItem]
    next: str | None


@router.get("/customers/{uuid:customer_id}/timeline", response=TimelinePage, summary="Read a timeline")
def index(
    request: Any,
    customer_id: UUID,
    limit: Limit = 50,
    cursor: Cursor = "",
    kind: Annotated[list[Kind], Query()] = [],  # noqa: B006
) -> HttpResponse:
    """What happened with a customer, newest first, over all branches and channels."""
    page = customer_timeline(by=request.actor, customer_id=customer_id, kinds=kind, cursor=cursor, size=limit)
    if not page.entries:
        get_customer(by=request.actor, customer_id=customer_id)
    items = [
        {
            "id": one.id,
            "kind": one.kind,
            "occurred_at": one.at,
            "recorded_at": one.recorded_at,
            "who": one.who,
            "entrance": one.entrance,
            "payload": payload_out(one.payload),
        }
        for one in page.entries
    ]
    return reply({"items": items, "next": page.next or None})
