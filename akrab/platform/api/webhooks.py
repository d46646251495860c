"""Webhooks over the API: made, changed, tested, replayed, and their log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.platform.api.lists import Cursor, Limit, listed, read_cursor
from akrab.platform.api.replies import reply, wanted_version
from akrab.platform.api.shapes import Flag, Input, Instant, Text
from akrab.platform.hooks.models import Webhook, WebhookDelivery
from akrab.platform.hooks.working import queue_sending
from akrab.platform.operations.webhooks import (
    change_secret,
    change_webhook,
    make_webhook,
    remove_webhook,
    replay,
    try_webhook,
)
from akrab.platform.queries.webhooks import WebhookLine, all_webhooks, deliveries_after, get_webhook

router = Router(tags=["webhooks"])
Topics = Annotated[list[Annotated[str, Field(max_length=80)]], Field(min_length=1, max_length=50)]
Name = Annotated[Text, Field(min_length=1, max_length=100)]
Url = Annotated[Text, Field(min_length=1, max_length=1000)]
Status = Literal["", "waiting", "delivered", "dead", "withheld"]


class WebhookIn(Input):
    """Topics are kinds of facts or patterns: `customers.customer_registered`, `customers.*`, `*`."""

    name: Name
    address: Url
    topics: Topics = ["*"]


class WebhookPatch(Input):
    name: Name | None = None
    address: Url | None = None
    topics: Topics | None = None
    is_on: Flag | None = None


class ReplayIn(Input):
    """Everything that was queued since this moment and is still in the log."""

    since: Instant


class WebhookOut(TypedDict):
    """`secret` is shown once, by the answer that made it; `off_reason` is person, failing or gone."""

    id: UUID
    name: str
    address: str
    topics: list[str]
    is_on: bool
    off_reason: str
    failing_since: datetime | None
    last_delivered_at: datetime | None
    waiting: int
    dead: int
    created_at: datetime
    secret: NotRequired[str]


class WebhookPage(TypedDict):
    items: list[WebhookOut]
    next: str | None


class DeliveryOut(TypedDict):
    """One fact on its way; `answer` is the beginning of what the receiver said, or why there was no answer."""

    id: UUID
    fact_id: UUID
    kind: str
    status: Literal["waiting", "delivered", "dead", "withheld"]
    attempts: int
    made_at: datetime
    last_at: datetime | None
    next_at: datetime | None
    status_code: int | None
    answer: str
    milliseconds: int | None


class DeliveryPage(TypedDict):
    items: list[DeliveryOut]
    next: str | None


class Queued(TypedDict):
    """How many facts are sent."""

    queued: int


@router.get("/webhooks", response=WebhookPage, summary="List webhooks")
def index(request: Any) -> HttpResponse:
    """Webhooks that you may manage: your own, or all for administrators."""
    return reply({"items": [webhook_out(line) for line in all_webhooks(by=request.actor)], "next": None})


@router.post("/webhooks", response={201: WebhookOut}, summary="Make a webhook")
def create(request: Any, body: WebhookIn) -> HttpResponse:
    """It hears of facts from now on, as its maker may see them. Keep the secret: it is shown only here."""
    secret, webhook = make_webhook(by=request.actor, at=now(), name=body.name, address=body.address, topics=body.topics)
    shown = {**webhook_out(WebhookLine(webhook, 0, 0, 0)), "secret": secret}
    answer = reply(shown, status=201, version=webhook.version, location=f"/api/v1/webhooks/{webhook.pk}")
    answer.is_secret = True
    return answer


@router.get("/webhooks/{uuid:webhook_id}", response=WebhookOut, summary="Read a webhook")
def show(request: Any, webhook_id: UUID) -> HttpResponse:
    """With what waits, what failed and when something was sent last."""
    line = get_webhook(by=request.actor, webhook_id=webhook_id)
    return reply(webhook_out(line), version=line.webhook.version)


@router.patch("/webhooks/{uuid:webhook_id}", response=WebhookOut, summary="Change a webhook")
def update(request: Any, webhook_id: UUID, body: WebhookPatch) -> HttpResponse:
    """Switched off it keeps its place: what happens meanwhile is sent once it is on again."""
    changes = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    change_webhook(by=request.actor, webhook_id=webhook_id, changes=changes, at=now(), version=wanted_version(request))
    line = get_webhook(by=request.actor, webhook_id=webhook_id)
    if line.webhook.is_on:
        queue_sending(webhook_id)
    return reply(webhook_out(line), version=line.webhook.version)


@router.delete("/webhooks/{uuid:webhook_id}", response={204: None}, summary="Remove a webhook")
def destroy(request: Any, webhook_id: UUID) -> HttpResponse:
    """Nothing more is sent, and its log goes too."""
    remove_webhook(by=request.actor, webhook_id=webhook_id, at=now())
    return HttpResponse(status=204)


@router.post("/webhooks/{uuid:webhook_id}:renew-secret", response=WebhookOut, summary="Give a webhook a new secret")
def renew(request: Any, webhook_id: UUID) -> HttpResponse:
    """The old secret signs beside the new one for a day."""
    secret, _webhook = change_secret(by=request.actor, webhook_id=webhook_id, at=now())
    line = get_webhook(by=request.actor, webhook_id=webhook_id)
    answer = reply({**webhook_out(line), "secret": secret}, version=line.webhook.version)
    answer.is_secret = True
    return answer


@router.post("/webhooks/{uuid:webhook_id}:test", response=Queued, summary="Test a webhook")
def test(request: Any, webhook_id: UUID) -> HttpResponse:
    """Sends a signed message of kind `platform.webhook_test`; what came of it is in the log."""
    try_webhook(by=request.actor, webhook_id=webhook_id, at=now())
    queue_sending(webhook_id)
    return reply({"queued": 1})


@router.post("/webhooks/{uuid:webhook_id}:replay", response=Queued, summary="Send facts again")
def again(request: Any, webhook_id: UUID, body: ReplayIn) -> HttpResponse:
    """Every fact since a moment that this webhook hears of; receivers know a repeat by its id."""
    count = replay(by=request.actor, webhook_id=webhook_id, since=body.since, at=now())
    queue_sending(webhook_id)
    return reply({"queued": count})


@router.get("/webhooks/{uuid:webhook_id}/deliveries", response=DeliveryPage, summary="List deliveries of a webhook")
def deliveries(request: Any, webhook_id: UUID, limit: Limit = 50, cursor: Cursor = "", status: Status = "") -> HttpResponse:
    """Newest first; what was delivered stays for 30 days, what was given up for 90."""
    found, place = deliveries_after(
        by=request.actor, webhook_id=webhook_id, status=status, after=read_cursor("deliveries", cursor), limit=limit
    )
    return reply(listed([delivery_out(one) for one in found], "deliveries", place))


@router.post(
    "/webhooks/{uuid:webhook_id}/deliveries/{uuid:delivery_id}:replay", response=Queued, summary="Send one delivery again"
)
def send_again(request: Any, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Also one that was given up."""
    count = replay(by=request.actor, webhook_id=webhook_id, delivery_id=delivery_id, at=now())
    queue_sending(webhook_id)
    return reply({"queued": count})


def webhook_out(line: WebhookLine) -> dict[str, Any]:
    webhook: Webhook = line.webhook
    names = ("name", "address", "topics", "is_on", "off_reason", "failing_since", "last_delivered_at", "created_at")
    shown = {name: getattr(webhook, name) for name in names}
    return {"id": webhook.pk, **shown, "waiting": line.waiting, "dead": line.dead}


def delivery_out(one: WebhookDelivery) -> dict[str, Any]:
    return {name: getattr(one, name) for name in DeliveryOut.__annotations__}
