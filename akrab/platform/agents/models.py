"""Agents: programs that read for a person and propose; what they asked for, and what they proposed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akrab.platform.ids import new_id


class AgentCall(models.Model):
    """One call of a tool: by whose agent, with which arguments, how many rows it got, or why it was refused."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    agent = models.CharField(max_length=200)
    tool = models.CharField(max_length=60)
    arguments: models.JSONField[Any, Any] = models.JSONField(default=dict)
    rows = models.IntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("person", F("at").desc(), name="platform_agentcall_by_person")]


class Proposal(models.Model):
    """Something that an agent would do, until a person approves or declines it; `seen` is what it saw there before."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    customer_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    person = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    agent = models.CharField(max_length=200)
    payload: models.JSONField[Any, Any] = models.JSONField()
    seen: models.JSONField[Any, Any] = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    made_at = models.DateTimeField()
    decided_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("platform.User", on_delete=models.SET_NULL, null=True, related_name="+")
    entry_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="platform_proposal_decided_iff_dated",
                condition=Q(status="open", decided_at=None) | (~Q(status="open") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index("status", F("id").desc(), name="platform_proposal_by_status"),
            models.Index("customer_id", name="platform_proposal_by_customer"),
        ]
