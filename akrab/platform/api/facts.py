"""The feed of facts over the API: what happened, for programs that follow along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.platform.api.lists import Cursor, Limit, read_cursor, write_cursor
from akrab.platform.api.replies import amount, reply
from akrab.platform.queries.feed import FactRow, facts_after

router = Router(tags=["facts"])
MONEY = ("net", "total", "previous_net", "tax", "amount", "spend")
Kind = Annotated[str, Field(max_length=80, pattern=r"^[a-z_]+(\.[a-z_]+)?$")]


class Subject(TypedDict):
    kind: str
    id: UUID | None


class FactActor(TypedDict):
    kind: str
    id: str
    label: str


class Fact(TypedDict):
    """Something that happened. `payload` is described by kind in the catalog of facts; its money is decimal texts."""

    id: UUID
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    customer_id: UUID | None
    subject: Subject
    actor: FactActor
    entrance: str
    source: str
    source_key: str
    schema: int
    payload: dict[str, Any]


class FactFeed(TypedDict):
    """`next` is never null: keep it, and ask again later from there."""

    items: list[Fact]
    next: str


@router.get("/facts", response=FactFeed, summary="Follow what happens")
def index(
    request: Any,
    limit: Limit = 100,
    cursor: Cursor = "",
    kind: Annotated[list[Kind], Query()] = [],  # noqa: B006
    customer_id: UUID | None = None,
) -> HttpResponse:
    """Facts in the order of their transactions, each once, with no gaps; `kind` is a kind or a room (`commerce`)."""
    rows, position = facts_after(
        by=request.actor, after=read_cursor("facts", cursor), kinds=kind, customer_id=customer_id, limit=limit
    )
    return reply({"items": [fact_out(row) for row in rows], "next": write_cursor("facts", position)})


def fact_out(row: FactRow) -> Fact:
    return Fact(
        id=row.id,
        kind=row.kind,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        customer_id=row.customer_id,
        subject=Subject(kind=row.subject_kind, id=row.subject_id),
        actor=FactActor(kind=row.actor_kind, id=row.actor_id, label=row.actor_label),
        entrance=row.entrance,
        source=row.source,
        source_key=row.source_key,
        schema=row.schema,
        payload=payload_out(row.payload),
    )


def payload_out(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A stored payload with its money as decimal texts."""
    currency = payload.get("currency")
    shown = dict(payload)
    if isinstance(currency, str):
        shown |= {name: amount(shown[name], currency) for name in MONEY if isinstance(shown.get(name), int)}
    return shown
