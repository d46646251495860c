"""Working calendars: the hours of the company or of a team, and days that differ. Clocks that have ended keep their time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.collaboration.facts import WorkCalendarChanged
from akrab.collaboration.models.calendars import CalendarDay, WorkCalendar
from akrab.platform.actor import Actor
from akrab.platform.clock import zone
from akrab.platform.facts import record
from akrab.platform.later import Later
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid
from akrab.platform.working_time import read_day, read_week, write_day

if TYPE_CHECKING:
    import holidays
else:
    holidays = Later("holidays")

Week = Sequence[Sequence[Sequence[str]]]


@operation(may="collaboration.manage_calendars")
def set_calendar(
    *,
    by: Actor,
    name: str,
    zone_name: str,
    week: Week,
    at: datetime,
    country: str = "",
    with_joint_leave: bool = True,
    team_id: UUID | None = None,
) -> WorkCalendarChanged:
    """Set the working hours of the company, or of a team."""
    if not name.strip():
        raise Invalid({"name": str(_("Give it a name."))})
    if len(week) != 7:
        raise Invalid({"week": str(_("A week has seven days."))})
    zone(zone_name)
    hours = read_week(week, lambda index: Invalid({f"day{index}": str(_("Write intervals in order, such as 08:00-12:00."))}))
    if country and country not in holidays.list_supported_countries():
        raise Invalid({"country": str(_("The holidays of this country are not known."))})
    values = {
        "name": name.strip(),
        "zone": zone_name,
        "week": [write_day(day) for day in hours],
        "country": country,
        "with_joint_leave": with_joint_leave,
        "changed_at": at,
    }
    found = WorkCalendar.objects.select_for_update().filter(team_id=team_id).order_by("changed_at", "pk").first()
    if found is None:
        found = WorkCalendar.objects.create(team_id=team_id, **values)
    else:
        WorkCalendar.objects.filter(pk=found.pk).update(**values)
    fact = WorkCalendarChanged(work_calendar_id=found.pk, changed_at=at, name=name.strip())
    record([fact], by=by)
    return fact


@operation(may="collaboration.manage_calendars")
def set_day(
    *, by: Actor, calendar_id: UUID, on: date, at: datetime, hours: Sequence[Sequence[str]] | None, name: str = ""
) -> WorkCalendarChanged:
    """Give one day other hours (none: nobody works), or with None the usual ones again."""
    calendar = WorkCalendar.objects.select_for_update().get(pk=calendar_id)
    if hours is None:
        CalendarDay.objects.filter(calendar=calendar, on=on).delete()
    else:
        kept = write_day(read_day(hours, lambda: Invalid({"hours": str(_("Write intervals in order, such as 08:00-12:00."))})))
        CalendarDay.objects.update_or_create(calendar=calendar, on=on, defaults={"hours": kept, "name": name.strip()})
    fact = WorkCalendarChanged(work_calendar_id=calendar.pk, changed_at=at, name=calendar.name)
    record([fact], by=by)
    return fact
