"""What takes place between two days, with every occurrence of what repeats, on the reader's clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from akrab.collaboration.models.activities import Activity, FeedAddress
from akrab.collaboration.queries.recurring import wall_times
from akrab.platform.actor import Actor
from akrab.platform.clock import zone
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound

MOST = 2000


@dataclass(frozen=True, slots=True)
class Slot:
    """One occurrence: the days that it covers for the reader, and its instants when it has a time."""

    activity: Activity
    first: date
    last: date
    starts: datetime | None
    ends: datetime | None


def get_activity(*, by: Actor, activity_id: UUID) -> Activity:
    require(by, "collaboration.view_work")
    found = Activity.objects.visible_to(by).with_details(by).filter(pk=activity_id).first()
    if found is None:
        raise NotFound
    assert isinstance(found, Activity)
    return found


def agenda(*, by: Actor, since: date, until: date, person_id: UUID | None = None, customer_id: UUID | None = None) -> list[Slot]:
    """The slots from one day to another (included), in order; canceled ones are left out."""
    require(by, "collaboration.view_work")
    begin = datetime.combine(since, time(), by.tzinfo)
    end = datetime.combine(until + timedelta(days=1), time(), by.tzinfo)
    margin = timedelta(days=1)  # a whole day begins up to a day earlier or later elsewhere
    once = Q(rrule="", ends_at__gte=begin - margin, starts_at__lt=end + margin)
    again = ~Q(rrule="") & Q(starts_at__lt=end + margin)
    rows = _rows(by, person_id, customer_id).filter(once | again)
    slots = [slot for one in rows[:MOST] for slot in _slots(one, since, until, by.tzinfo)]
    return sorted(slots, key=lambda slot: (slot.first, slot.starts or datetime.min.replace(tzinfo=UTC), slot.activity.pk))


def activities_for(*, by: Actor, person_id: UUID, since: datetime) -> list[Activity]:
    """What a calendar program is given: somebody's activities from a moment on, and what repeats."""
    require(by, "collaboration.view_work")
    rows = Activity.objects.visible_to(by).with_details(by).filter(attendees__user_id=person_id)
    return list(rows.filter(Q(ends_at__gte=since) | ~Q(rrule="")).order_by("starts_at", "pk")[:MOST])


def feed_owner(*, digest: str) -> Any:
    """Whose calendar a secret address shows; nobody's when it was revoked or never made."""
    found = FeedAddress.objects.select_related("user").filter(digest=digest, revoked_at=None, user__is_active=True).first()
    return found.user if found else None


def has_feed(*, by: Actor, person_id: UUID) -> bool:
    require(by, "collaboration.view_work")
    return FeedAddress.objects.filter(user_id=person_id, revoked_at=None).exists()


def _rows(by: Actor, person_id: UUID | None, customer_id: UUID | None) -> Any:
    rows = Activity.objects.visible_to(by).with_details(by).exclude(status=Activity.Status.CANCELED)
    if person_id:
        rows = rows.filter(attendees__user_id=person_id)
    if customer_id:
        rows = rows.filter(guests__customer_id=customer_id)
    return rows.order_by("starts_at", "pk")


def _slots(activity: Activity, since: date, until: date, reader: ZoneInfo) -> Iterator[Slot]:
    length = activity.ends_at - activity.starts_at
    span = timedelta(days=activity.days if activity.is_all_day else length.days + 2)
    begin, end = datetime.combine(since, time()) - span, datetime.combine(until, time()) + timedelta(days=2)
    for wall in wall_times(activity.rrule, start=activity.wall_start, since=begin, until=end):
        if activity.is_all_day:
            slot = Slot(activity, wall.date(), wall.date() + timedelta(days=activity.days - 1), None, None)
        else:
            starts = wall.replace(tzinfo=zone(activity.zone)).astimezone(reader)
            ends = (starts.astimezone(UTC) + length).astimezone(reader)
            slot = Slot(activity, starts.date(), max(starts.date(), (ends - timedelta(seconds=1)).date()), starts, ends)
        if slot.first <= until and slot.last >= since:
            yield slot
