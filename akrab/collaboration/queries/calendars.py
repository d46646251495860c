"""Working calendars, read: the hours that count for a team, or for the company."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import F

from akrab.collaboration.models.calendars import CalendarDay, WorkCalendar
from akrab.platform.actor import Actor
from akrab.platform.operation import require
from akrab.platform.working_time import OFFICE, WorkingHours, read_day, read_week, write_day

USUAL = [write_day(day) for day in OFFICE]


def working_hours(*, by: Actor, team_id: UUID | None = None) -> WorkingHours:
    """The hours of a team, else of the company, else office hours without holidays."""
    require(by, "collaboration.view_work")
    found = WorkCalendar.objects.filter(team_id=team_id).first() if team_id else None
    found = found or WorkCalendar.objects.filter(team_id=None).order_by("changed_at", "pk").first()
    if found is None:
        return WorkingHours(settings.TIME_ZONE, OFFICE)
    days = {one.on: read_day(one.hours, ValueError) for one in found.days.all()}
    return WorkingHours(found.zone, read_week(found.week, ValueError), found.country, found.with_joint_leave, days)


def all_calendars(*, by: Actor) -> list[WorkCalendar]:
    require(by, "collaboration.view_work")
    return list(WorkCalendar.objects.order_by(F("team_id").asc(nulls_first=True), "name", "pk"))


def company_calendar(*, by: Actor) -> WorkCalendar:
    """The company's calendar, or office hours that are not kept yet."""
    require(by, "collaboration.view_work")
    found = WorkCalendar.objects.filter(team_id=None).order_by("changed_at", "pk").first()
    return found or WorkCalendar(name="", zone=settings.TIME_ZONE, week=USUAL, country="ID")


def days_of(*, by: Actor, calendar_id: UUID) -> list[CalendarDay]:
    require(by, "collaboration.view_work")
    return list(CalendarDay.objects.filter(calendar_id=calendar_id).order_by("on"))
