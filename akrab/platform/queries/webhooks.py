"""Webhooks and their log, for those who manage them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.declaring import DECLARED
from akrab.platform.hooks.models import Webhook, WebhookDelivery
from akrab.platform.operation import require
from akrab.platform.operations.webhooks import may_manage
from akrab.platform.paging import Order, Page, paginate
from akrab.platform.refusal import NotFound

NEWEST = Order((), descending=True)


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """A webhook and how many facts wait for it, were given up, and arrived (as far as the log goes)."""

    webhook: Webhook
    waiting: int
    dead: int
    delivered: int


def all_webhooks(*, by: Actor) -> list[WebhookLine]:
    """The webhooks that the actor may manage, by name."""
    require(by, "platform.manage_webhooks")
    found = [one for one in Webhook.objects.select_related("maker").order_by("name", "pk") if may_manage(by, one)]
    counts = _counts([one.pk for one in found])
    return [_line(one, counts) for one in found]


def get_webhook(*, by: Actor, webhook_id: UUID) -> WebhookLine:
    require(by, "platform.manage_webhooks")
    found = Webhook.objects.select_related("maker").filter(pk=webhook_id).first()
    if found is None or not may_manage(by, found):
        raise NotFound
    return _line(found, _counts([found.pk]))


def list_deliveries(*, by: Actor, webhook_id: UUID, status: str = "", cursor: str = "", size: int = 50) -> Page[WebhookDelivery]:
    """The log of a webhook, newest first, of one status or all."""
    webhook = get_webhook(by=by, webhook_id=webhook_id).webhook
    rows = WebhookDelivery.objects.filter(webhook=webhook)
    return paginate(rows.filter(status=status) if status else rows, order=NEWEST, cursor=cursor, size=size)


def deliveries_after(
    *, by: Actor, webhook_id: UUID, status: str = "", after: Sequence[Any] = (), limit: int = 50
) -> tuple[list[WebhookDelivery], list[Any] | None]:
    """The same for programs: deliveries and the place to go on from."""
    webhook = get_webhook(by=by, webhook_id=webhook_id).webhook
    rows = WebhookDelivery.objects.filter(webhook=webhook)
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(pk__lt=after[0]) if after else rows
    found = list(rows.order_by("-pk")[: limit + 1])
    return found[:limit], [str(found[limit - 1].pk)] if len(found) > limit else None


def known_topics() -> list[tuple[str, list[str]]]:
    """The kinds of facts by room, for those who choose topics."""
    rooms: dict[str, list[str]] = {}
    for kind in sorted(DECLARED):
        if not kind.startswith("test."):
            rooms.setdefault(kind.partition(".")[0], []).append(kind)
    return sorted(rooms.items())


def _counts(ids: Sequence[UUID]) -> dict[tuple[UUID, str], int]:
    rows = fetch(
        "SELECT webhook_id, status, count(*) FROM platform_webhookdelivery WHERE webhook_id = ANY(%s) GROUP BY 1, 2", [list(ids)]
    )
    return {(one, status): count for one, status, count in rows}


def _line(webhook: Webhook, counts: dict[tuple[UUID, str], int]) -> WebhookLine:
    waiting, dead, delivered = (counts.get((webhook.pk, status), 0) for status in ("waiting", "dead", "delivered"))
    return WebhookLine(webhook, waiting, dead, delivered)
