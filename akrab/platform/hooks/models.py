"""Webhooks: where facts are sent, and the log of what was sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akrab.platform.ids import new_id


class Webhook(models.Model):
    """An address that hears of facts, as its maker may see them; `position` is how far it has been fed.

    `scopes` are those of the key that made it; `leased_until` belongs to the one job that sends, `rests_until` is the pause
    after an address that does not answer.
    """

    class OffReason(models.TextChoices):
        PERSON = "person", _("Switched off by hand")
        FAILING = "failing", _("Nothing was taken for 72 hours")
        GONE = "gone", _("The receiver said that it is gone (410)")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    maker = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=1000)
    topics = ArrayField(models.CharField(max_length=80))
    scopes: models.JSONField[Any, Any] = models.JSONField(default=list)
    secret = models.TextField()
    old_secret = models.TextField(blank=True, default="")
    old_secret_until: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    is_on = models.BooleanField(default=True)
    off_reason = models.CharField(max_length=10, choices=OffReason, blank=True, default="")
    position: models.JSONField[Any, Any] = models.JSONField(default=list)
    failing_since: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    last_delivered_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    rests_until: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    leased_until: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(name="platform_webhook_has_topics", condition=~Q(topics=[])),
            models.CheckConstraint(name="platform_webhook_off_for_a_reason", condition=Q(is_on=True) ^ ~Q(off_reason="")),
        ]

    @property
    def why_off(self) -> str:
        return str(self.OffReason(self.off_reason).label) if self.off_reason else ""


class WebhookDelivery(models.Model):
    """One fact on its way to one webhook. `record` is what it is about: facts of one record are sent in order."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        DEAD = "dead", _("Given up")
        WITHHELD = "withheld", _("Withheld")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    fact_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    record = models.CharField(max_length=100)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    first_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    next_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    last_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    status_code = models.IntegerField(null=True)
    answer = models.CharField(max_length=300, blank=True, default="")
    milliseconds = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="platform_webhookdelivery_once", fields=["webhook", "fact_id"]),
            models.CheckConstraint(
                name="platform_webhookdelivery_due_iff_waiting",
                condition=Q(status="waiting", next_at__isnull=False) | (~Q(status="waiting") & Q(next_at=None)),
            ),
        ]
        indexes = [
            models.Index("webhook", "next_at", name="platform_delivery_due", condition=Q(status="waiting")),
            models.Index("webhook", "record", "fact_id", name="platform_delivery_in_order", condition=Q(status="waiting")),
            models.Index("webhook", F("id").desc(), name="platform_delivery_log"),
        ]
