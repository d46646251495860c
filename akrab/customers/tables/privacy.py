"""Rights of the people behind the data: requests, restrictions, erasures, tombstones, retention rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akrab.platform.ids import new_id


class PrivacyRequest(models.Model):
    """Somebody asks for a right over their data; it must be answered within 3 x 24 hours. It outlives the customer."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("Access")
        CORRECTION = "correction", _("Correction")
        RESTRICTION = "restriction", _("Restriction")
        ERASURE = "erasure", _("Erasure")
        OBJECTION = "objection", _("Objection")
        PORTABILITY = "portability", _("Portability")

    class Identity(models.TextChoices):
        UNCHECKED = "unchecked", _("Not checked yet")
        CONFIRMED = "confirmed", _("Confirmed")
        FAILED = "failed", _("Not confirmed")

    class Decision(models.TextChoices):
        OPEN = "", _("Open")
        GRANTED = "granted", pgettext_lazy("request", "Granted")
        PARTLY = "partly", _("Partly granted")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer_id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Kind)
    came_by = models.CharField(max_length=60, blank=True, default="")
    details = models.TextField(blank=True, default="")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    identity = models.CharField(max_length=10, choices=Identity, default=Identity.UNCHECKED)
    identity_how = models.CharField(max_length=300, blank=True, default="")
    assignee = models.ForeignKey("platform.User", on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    closed_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="customers_request_closed_with_decision",
                condition=Q(decision="", closed_at=None) | (~Q(decision="") & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="customers_request_refused_with_reason", condition=~Q(decision="refused") | ~Q(reason="")
            ),
        ]
        indexes = [
            models.Index("due_at", "id", name="customers_request_open", condition=Q(closed_at=None)),
            models.Index("customer_id", F("received_at").desc(), name="customers_request_by_customer"),
        ]

    def is_late(self, at: datetime) -> bool:
        """Whether it was not answered in time."""
        return (self.closed_at or at) > self.due_at


class Restriction(models.Model):
    """Processing of a customer's data is on hold: kept, but not used."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="customers_restriction_one", fields=["customer"], condition=Q(until=None)),
        ]


class Erasure(models.Model):
    """A customer was erased: store by store what went, what stayed and why, signed when all of it is done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=20)
    actor_kind = models.CharField(max_length=20)
    actor_label = models.CharField(max_length=200)
    stores: models.JSONField[Any, Any] = models.JSONField(default=list)
    doomed: models.JSONField[Any, Any] = models.JSONField(default=list)
    completed_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    signature = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="customers_erasure_signed",
                condition=Q(completed_at=None, signature="") | (Q(completed_at__isnull=False) & ~Q(signature="")),
            ),
        ]
        indexes = [models.Index(F("at").desc(), F("id").desc(), name="customers_erasure_by_time")]


class Tombstone(models.Model):
    """The keyed hash of an identifier of somebody who was erased: enough to notice them, not enough to know them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12)
    hash = models.CharField(max_length=64)
    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="tombstones")
    seen = models.IntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="customers_tombstone_once", fields=["kind", "hash"], condition=Q(lifted_at=None)),
        ]


class RetentionRule(models.Model):
    """After how many months without a purchase a customer is proposed for erasure."""

    class Reason(models.TextChoices):
        NO_PURCHASE = "no_purchase", _("Last purchase is too long ago")
        NEVER_BOUGHT = "never_bought", _("Registered, never bought")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reason = models.CharField(max_length=20, choices=Reason, unique=True)
    months = models.SmallIntegerField()
    is_active = models.BooleanField(default=False)
    would_propose = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="customers_retention_months", condition=Q(months__gte=1))]


class RetentionProposal(models.Model):
    """A customer whom a rule would erase; a person decides."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.ForeignKey(RetentionRule, on_delete=models.CASCADE, related_name="proposals")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    proposed_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="customers_retention_once", fields=["rule", "customer"])]
        indexes = [models.Index("proposed_at", "id", name="customers_retention_open", condition=Q(kept_at=None))]
