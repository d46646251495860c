"""What can have happened to webhooks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("platform.webhook_made", subject="webhook")
class WebhookMade:
    """An address was given that hears of facts."""

    webhook_id: UUID
    at: datetime
    name: str
    address: str
    topics: list[str]


@fact("platform.webhook_changed", subject="webhook")
class WebhookChanged:
    """A webhook was renamed, pointed elsewhere, given topics or a new secret, or switched; `changes` maps to old and new."""

    webhook_id: UUID
    at: datetime
    name: str
    changes: dict[str, list[str]]


@fact("platform.webhook_removed", subject="webhook")
class WebhookRemoved:
    """A webhook and its log were removed."""

    webhook_id: UUID
    at: datetime
    name: str


@fact("platform.webhook_disabled", subject="webhook")
class WebhookDisabled:
    """Akrab switched a webhook off because nothing was taken for long, or because the receiver is gone."""

    webhook_id: UUID
    at: datetime
    name: str
    reason: str


@fact("platform.webhook_replayed", subject="webhook")
class WebhookReplayed:
    """Facts that had been sent or given up were queued again."""

    webhook_id: UUID
    at: datetime
    name: str
    deliveries: int
