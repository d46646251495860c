"""Merging and duplicates over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.customers.operations.deduplicating import keep_apart
from akrab.customers.operations.merging import merge_customers
from akrab.customers.queries.duplicates import DuplicatePair, open_duplicates
from akrab.customers.queries.merging import Merged, get_merge
from akrab.platform.api.lists import Cursor, Limit, listed, read_cursor
from akrab.platform.api.replies import reply
from akrab.platform.api.shapes import Input, Text

router = Router(tags=["merges"])
FieldName = Literal[
    "display_name", "honorific", "given_name", "family_name", "email", "phone", "address", "city", "country", "born_on"
]
CustomName = Annotated[str, Field(pattern=r"^custom\.[a-z][a-z0-9_]*$")]


class MergeIn(Input):
    """Whom to merge into this customer; `choices` says of whom a field is taken."""

    others: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    choices: dict[FieldName | CustomName, UUID] = {}
    reason: Annotated[Text, Field(max_length=300)] = ""


class Merge(TypedDict):
    """A merge; `entry_id` is what `POST /journal/{id}:undo` takes back within 30 days."""

    id: UUID
    survivor_id: UUID
    merged_ids: list[UUID]
    merged_at: datetime
    by: str
    reason: str
    entry_id: UUID | None
    undone_at: datetime | None


class EvidenceOut(TypedDict):
    """What one field says; the level is 2 for the same, 1 for similar, 0 for different."""

    field: str
    level: int
    bits: float


class DuplicateOut(TypedDict):
    """Two customers who look like one; ten bits are a thousand to one."""

    id: UUID
    a: UUID
    b: UUID
    a_name: str
    b_name: str
    bits: float
    sure: bool
    found_at: datetime
    evidence: list[EvidenceOut]


class DuplicatePage(TypedDict):
    items: list[DuplicateOut]
    next: str | None


@router.post("/customers/{uuid:customer_id}/merges", response={201: Merge}, summary="Merge customers into this one")
def create(request: Any, customer_id: UUID, body: MergeIn) -> HttpResponse:
    """Identifiers and what people work on follow; history stays where it was told and is read through the survivor."""
    choices = {str(name): one for name, one in body.choices.items()}
    fact = merge_customers(
        by=request.actor, survivor_id=customer_id, other_ids=body.others, choices=choices, reason=body.reason, at=now()
    )
    return reply(_merge(get_merge(by=request.actor, merge_id=fact.merge_id)), status=201)


@router.get("/merges/{uuid:merge_id}", response=Merge, summary="Read a merge")
def show(request: Any, merge_id: UUID) -> HttpResponse:
    """Who was merged into whom, by whom and why."""
    return reply(_merge(get_merge(by=request.actor, merge_id=merge_id)))


@router.get("/duplicates", response=DuplicatePage, summary="List likely duplicates")
def duplicates(request: Any, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Open pairs, likeliest first."""
    pairs, place = open_duplicates(by=request.actor, after=read_cursor("duplicates", cursor), limit_to=limit)
    return reply(listed([_pair(one) for one in pairs], "duplicates", place))


@router.delete("/duplicates/{uuid:duplicate_id}", response={204: None}, summary="Say that a pair is not a duplicate")
def destroy(request: Any, duplicate_id: UUID) -> HttpResponse:
    """The pair returns only when what was compared changes."""
    keep_apart(by=request.actor, duplicate_ids=[duplicate_id], at=now())
    return HttpResponse(status=204)


def _merge(one: Merged) -> Merge:
    return Merge(
        id=one.id,
        survivor_id=one.survivor_id,
        merged_ids=[each.pk for each in one.others],
        merged_at=one.merged_at,
        by=one.who,
        reason=one.reason,
        entry_id=one.entry_id,
        undone_at=one.undone_at,
    )


def _pair(one: DuplicatePair) -> DuplicateOut:
    return DuplicateOut(
        id=one.id,
        a=one.a.pk,
        b=one.b.pk,
        a_name=one.a.display_name,
        b_name=one.b.display_name,
        bits=one.bits,
        sure=one.is_sure,
        found_at=one.found_at,
        evidence=[EvidenceOut(field=each["field"], level=each["level"], bits=each["bits"]) for each in one.raw],
    )
