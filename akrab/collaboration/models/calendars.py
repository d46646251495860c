"""Tables of working calendars: the company's, and those of teams that work other hours."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from akrab.platform.ids import new_id


class WorkCalendar(models.Model):
    """Hours of each weekday as intervals, the country whose holidays count; without a team it is the company's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    team_id = models.UUIDField(null=True)
    zone = models.CharField(max_length=60)
    week: models.JSONField[Any, Any] = models.JSONField()
    country = models.CharField(max_length=2, blank=True, default="")
    with_joint_leave = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="collaboration_calendar_of_company", fields=["name"], condition=Q(team_id=None)),
            models.UniqueConstraint(name="collaboration_calendar_of_team", fields=["team_id"]),
        ]


class CalendarDay(models.Model):
    """A day that differs: other hours, or none."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    calendar = models.ForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    name = models.CharField(max_length=100, blank=True, default="")
    hours: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(name="collaboration_calendarday_once", fields=["calendar", "on"])]
