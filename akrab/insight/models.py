"""Tables of the insight room: reports made at the last refresh, so that pages need no engine."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from akrab.platform.actor import Actor
from akrab.platform.ids import new_id


class PreparedReportQuerySet(models.QuerySet["PreparedReport"]):
    def visible_to(self, by: Actor) -> PreparedReportQuerySet:
        """The reports this actor may read."""
        return self if by.may("insight.view_insight") else self.none()


class PreparedReport(models.Model):
    """One report of the last refresh: a metric with its parameters, and what it gave."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)
    variant = models.CharField(max_length=60, blank=True, default="")
    as_of = models.DateField()
    snapshot = models.IntegerField()
    made_at = models.DateTimeField()
    content: models.JSONField[Any, Any] = models.JSONField()

    objects: ClassVar[models.Manager[PreparedReport]] = PreparedReportQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="insight_preparedreport_once", fields=["name", "variant"])]

    def __str__(self) -> str:
        return self.name
