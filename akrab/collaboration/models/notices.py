"""Tables of news for people: whom they follow, what they were told, how they want to be told."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akrab.platform.ids import new_id

REASONS = {
    "mentioned": _("You were named"),
    "assigned": _("It was given to you"),
    "invited": _("You take part"),
    "reminder": _("You asked to be reminded"),
    "approval": _("You are asked to decide"),
    "decided": _("What you asked for was decided"),
    "handover": _("It was handed over to you"),
    "followed": _("You follow it"),
}


class Follow(models.Model):
    """Somebody wants to hear what happens to a record, or (muted) does not."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    record_kind = models.CharField(max_length=40)
    record_id = models.UUIDField()
    is_muted = models.BooleanField(default=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="collaboration_follow_once", fields=["record_id", "record_kind", "user"])]


class Notice(models.Model):
    """News about one record for one person; until it is read, more news joins it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    record_kind = models.CharField(max_length=40)
    record_id = models.UUIDField()
    title = models.CharField(max_length=300)
    link = models.CharField(max_length=300)
    reasons: models.JSONField[Any, Any] = models.JSONField(default=list)
    count = models.IntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="collaboration_notice_one_unread", fields=["user", "record_kind", "record_id"], condition=Q(read_at=None)
            ),
        ]
        indexes = [
            models.Index("user", F("last_at").desc(), F("id").desc(), name="collaboration_notice_of"),
            models.Index("user", name="collaboration_notice_unread", condition=Q(read_at=None)),
        ]

    @property
    def reason_words(self) -> list[Any]:
        """Why this person got it, in words."""
        return [REASONS[one] for one in self.reasons if one in REASONS]


class Taste(models.Model):
    """How somebody wants to be told."""

    class Digest(models.TextChoices):
        OFF = "off", _("No mail")
        HOURLY = "hourly", _("Every hour")
        DAILY = "daily", _("Once a day, in the morning")

    user: models.OneToOneField[Any, Any] = models.OneToOneField(
        "platform.User", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    off: models.JSONField[Any, Any] = models.JSONField(default=list)
    digest = models.CharField(max_length=8, choices=Digest, default=Digest.OFF)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Taste]] = models.Manager()
