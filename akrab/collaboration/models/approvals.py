"""Tables of approvals: rules as data, requests that pass through steps, decisions; and who stands in for whom."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akrab.platform.ids import new_id


class ApprovalRule(models.Model):
    """When approval is needed (conditions on the values of a thing) and whose (steps, one after the other)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=40)
    conditions: models.JSONField[Any, Any] = models.JSONField(default=list)
    steps: models.JSONField[Any, Any] = models.JSONField()
    remind_minutes = models.IntegerField(default=480)
    expire_minutes = models.IntegerField(default=2400)
    order = models.IntegerField(default=100)
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index("subject_kind", "order", "id", name="collaboration_rule_of", condition=Q(is_active=True))]


class ApprovalRequest(models.Model):
    """A question about one thing in one state (its digest); a change after the answer opens the next round."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for a decision")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    title = models.CharField(max_length=300)
    link = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    values: models.JSONField[Any, Any] = models.JSONField(default=dict)
    steps: models.JSONField[Any, Any] = models.JSONField()
    step = models.IntegerField(default=0)
    round = models.IntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    asked_by: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    remind_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="collaboration_approval_of_subject", fields=["subject_id", "subject_kind"]),
            models.CheckConstraint(
                name="collaboration_approval_decided",
                condition=Q(status="pending", decided_at=None) | (~Q(status="pending") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(F("asked_at").desc(), F("id").desc(), name="collaboration_approval_new"),
            models.Index("expires_at", name="collaboration_approval_open", condition=Q(status="pending")),
        ]


class Decision(models.Model):
    """One seat of one step of one round has spoken; `person` sits there, `by` spoke for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="decisions")
    round = models.IntegerField()
    step = models.IntegerField()
    person: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.PROTECT, related_name="+")
    by: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.PROTECT, related_name="+")
    is_approved = models.BooleanField()
    note = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="collaboration_decision_once", fields=["request", "round", "step", "person"])]


class StandIn(models.Model):
    """Who decides for somebody who is out of office."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    delegate: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="collaboration_standin_in_order", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(name="collaboration_standin_not_self", condition=~Q(user=F("delegate"))),
        ]


class Handover(models.Model):
    """A customer's matter goes from one department to another, with what the next has to know."""

    class Status(models.TextChoices):
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer: models.ForeignKey[Any, Any] = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    offered_by: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.PROTECT, related_name="+")
    to: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.PROTECT, related_name="+")
    department = models.CharField(max_length=100, blank=True, default="")
    situation = models.TextField()
    promised = models.TextField(blank=True, default="")
    open_points = models.TextField(blank=True, default="")
    checklist: models.JSONField[Any, Any] = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status, default=Status.OFFERED)
    reason = models.TextField(blank=True, default="")
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="collaboration_handover_answered",
                condition=Q(status="offered", answered_at=None) | (~Q(status="offered") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="collaboration_handover_returned_with_reason", condition=~Q(status="returned") | ~Q(reason="")
            ),
        ]
        indexes = [models.Index("to", "due_at", "id", name="collaboration_handover_open", condition=Q(status="offered"))]
