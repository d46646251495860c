"""The table of large changes: what is changed for whom, how far it is, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from akrab.platform.ids import new_id


class BulkRun(models.Model):
    """One change of many records: those of `ids`, or all that the list with `query` shows; `after` is how far it came."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELED = "canceled", _("Canceled")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    object = models.CharField(max_length=40)
    query = models.TextField(blank=True, default="")
    ids: models.Field[list[UUID], list[UUID]] = ArrayField(models.UUIDField(), default=list)
    change: models.JSONField[Any, Any] = models.JSONField()
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    total = models.BigIntegerField()
    changed = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    forbidden = models.BigIntegerField(default=0)
    invalid = models.BigIntegerField(default=0)
    after = models.UUIDField(null=True)
    entry_id = models.UUIDField(null=True)
    problem = models.TextField(blank=True, default="")
    cancel_asked = models.BooleanField(default=False)
    by = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    finished_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    @property
    def done(self) -> int:
        return self.changed + self.unchanged + self.forbidden + self.invalid

    @property
    def is_running(self) -> bool:
        return self.status in {self.Status.QUEUED, self.Status.RUNNING}
