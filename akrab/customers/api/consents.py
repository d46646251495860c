"""Consent over the API: events in lists, the state at any moment, and whether a customer may be contacted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from akrab.customers.api.shapes import IdentifierIn
from akrab.customers.operations.consenting import ConsentMessage, ConsentTaken, record_consents
from akrab.customers.queries.consents import consents_of
from akrab.customers.queries.contacting import may_contact
from akrab.platform.api.bodies import batch
from akrab.platform.api.document import batch_of
from akrab.platform.api.replies import reply
from akrab.platform.api.shapes import BatchResult, Input, Instant, ItemResult, Text, batch_result, item_result
from akrab.platform.operation import require
from akrab.platform.refusal import Invalid

router = Router(tags=["consent"])
ChannelName = Literal["email", "whatsapp", "sms", "phone", "post", "push"]


class ConsentIn(Input):
    """One event, of a customer by id or by identifiers. A grant needs `evidence`; `source_key` makes it happen once."""

    channel: ChannelName
    purpose: Annotated[Text, Field(max_length=40)]
    state: Literal["granted", "withdrawn", "expired"]
    customer_id: UUID | None = None
    identifiers: Annotated[list[IdentifierIn], Field(max_length=10)] = []
    at: Instant | None = None
    until: Instant | None = None
    evidence: Annotated[Text, Field(max_length=500)] = ""
    wording_version: int | None = None
    wording_language: Annotated[Text, Field(max_length=5)] = ""
    where: Annotated[Text, Field(max_length=300)] = ""
    ip: Annotated[Text, Field(max_length=45)] = ""
    user_agent: Annotated[Text, Field(max_length=300)] = ""
    confirmed_at: Instant | None = None
    source: Annotated[Text, Field(max_length=60)] = "api"
    source_key: Annotated[Text, Field(max_length=200)] = ""


class Consent(TypedDict):
    """The state of one channel and purpose, and the event that it rests on."""

    event_id: UUID
    channel: ChannelName
    purpose: str
    state: Literal["granted", "withdrawn", "expired"]
    since: datetime
    until: datetime | None
    evidence: str


class ConsentList(TypedDict):
    items: list[Consent]


class MayContactOut(TypedDict):
    """Yes or no; `reason` is a code, `words` the same as a sentence."""

    customer_id: UUID
    allowed: bool
    reason: str
    words: str
    event_id: UUID | None


ITEM: TypeAdapter[ConsentIn] = TypeAdapter(ConsentIn)


@router.post("/consents:batch", response=BatchResult, summary="Record consent", openapi_extra=batch_of(ConsentIn))
def create_many(request: Any) -> HttpResponse:
    """Up to 1,000 events; the same `source` and `source_key` again is unchanged, and a bad event spoils no other."""
    require(request.actor, "customers.edit_customers")
    given = batch(request, ITEM)
    results: dict[int, ConsentTaken] = {}
    sources = dict.fromkeys(one.source for one in given if isinstance(one, ConsentIn))
    for source in sources:
        part = [(index, one) for index, one in enumerate(given) if isinstance(one, ConsentIn) and one.source == source]
        taken = record_consents(by=request.actor, consents=[_message(one) for _index, one in part], at=now(), source=source)
        results |= {index: done for (index, _one), done in zip(part, taken, strict=True)}
    return reply(batch_result([_item(index, one, results.get(index)) for index, one in enumerate(given)]))


@router.get("/customers/{uuid:customer_id}/consents", response=ConsentList, summary="Read consent")
def index(request: Any, customer_id: UUID, at: Instant | None = None) -> HttpResponse:
    """What a customer had agreed to at a moment; without one, now."""
    items = [
        {
            "event_id": one.event_id,
            "channel": one.channel,
            "purpose": one.purpose,
            "state": one.state,
            "since": one.since,
            "until": one.until,
            "evidence": one.evidence,
        }
        for one in consents_of(by=request.actor, customer_id=customer_id, at=at or now())
    ]
    return reply({"items": items})


@router.get("/customers/{uuid:customer_id}/may-contact", response=MayContactOut, summary="May we contact")
def show(
    request: Any, customer_id: UUID, channel: ChannelName, purpose: str = "marketing", at: Instant | None = None
) -> HttpResponse:
    """Whether a customer may be contacted over a channel for a purpose, and why or why not."""
    [said] = may_contact(by=request.actor, customer_ids=[customer_id], channel=channel, purpose=purpose, at=at or now())
    answer = {"customer_id": said.customer_id, "allowed": said.allowed, "reason": said.reason}
    return reply({**answer, "words": said.words, "event_id": said.event_id})


def _message(one: ConsentIn) -> ConsentMessage:
    values = one.model_dump(exclude={"source", "identifiers"})
    return ConsentMessage(**values, identifiers=tuple((each.kind, each.value) for each in one.identifiers))


def _item(index: int, given: ConsentIn | Invalid, taken: ConsentTaken | None) -> ItemResult:
    if isinstance(given, Invalid):
        return item_result(index, "error", reason=str(given), errors=given.errors)
    assert taken is not None
    return item_result(
        index, taken.result, about=taken.consent_id, code=taken.code, reason=taken.reason, errors=dict(taken.errors)
    )
