"""Working time: how long something waited while people were at work, and when a promised time is up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from akrab.platform.clock import zone
from akrab.platform.later import Later
from akrab.platform.refusal import Refusal

if TYPE_CHECKING:
    import holidays
else:
    holidays = Later("holidays")

Hours = tuple[tuple[time, time], ...]
LONGEST = 366 * 3
END_OF_DAY = time.max


class NeverWorks(Refusal):
    code = "never_works"
    status = 422
    message = _("This calendar has no working hours in the years ahead.")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Hours of each weekday (Monday first, several intervals a day), holidays of a country, and days that differ."""

    zone: str
    week: tuple[Hours, ...]
    country: str = ""
    with_joint_leave: bool = True
    exceptions: Mapping[date, Hours] = field(default_factory=dict, hash=False)

    def on(self, day: date) -> Hours:
        """The working hours of a day: what an exception says, nothing on a holiday, else those of its weekday."""
        if day in self.exceptions:
            return self.exceptions[day]
        if self.country and day in holidays_of(self.country, day.year, with_joint_leave=self.with_joint_leave):
            return ()
        return self.week[day.weekday()]


OFFICE: tuple[Hours, ...] = (*(((time(8), time(12)), (time(13), time(17))),) * 5, (), ())


@lru_cache(maxsize=64)
def holidays_of(country: str, year: int, *, with_joint_leave: bool) -> dict[date, str]:
    """The public holidays of a country in a year, with the joint leave of its government where it is asked for."""
    known = holidays.country_holidays(country, years=year)
    categories = ["public", *(["government"] if with_joint_leave and "government" in known.supported_categories else [])]
    return dict(holidays.country_holidays(country, years=year, categories=tuple(categories)))


def business_time_between(start: datetime, end: datetime, hours: WorkingHours) -> timedelta:
    """The working time from one instant to another; negative when they are the other way round."""
    if end < start:
        return -business_time_between(end, start, hours)
    total = timedelta(0)
    for opens, closes in _open_from(start, hours, until=end):
        total += max(min(closes, end) - max(opens, start), timedelta(0))
    return total


def add_business_time(start: datetime, length: timedelta, hours: WorkingHours) -> datetime:
    """The instant when so much working time has passed since `start`."""
    left = length
    for opens, closes in _open_from(start, hours):
        begin = max(opens, start)
        if closes - begin >= left:
            return begin + left
        left -= max(closes - begin, timedelta(0))
    raise NeverWorks


def _open_from(start: datetime, hours: WorkingHours, until: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
    """Open intervals as instants, in order, from the day of an instant on; summer time is in the instants."""
    place = zone(hours.zone)
    first = start.astimezone(place).date()
    for step in range(LONGEST):
        day = first + timedelta(days=step)
        if until is not None and datetime.combine(day, time(), place) > until:
            return
        for opens, closes in hours.on(day):
            begin, end = _instant(day, opens, place), _instant(day, closes, place)
            if end > start:
                yield begin, end


def _instant(day: date, at: time, place: ZoneInfo) -> datetime:
    if at == END_OF_DAY:
        return datetime.combine(day + timedelta(days=1), time(), place).astimezone(UTC)
    return datetime.combine(day, at, place).astimezone(UTC)


def read_week(days: Sequence[Sequence[Sequence[str]]], refuse: Callable[[int], Exception]) -> tuple[Hours, ...]:
    """Seven days of intervals written as ["08:00", "12:00"]; they must be in order and not overlap."""
    return tuple(read_day(day, partial(refuse, index)) for index, day in enumerate(days))


def read_day(intervals: Sequence[Sequence[str]], refuse: Callable[[], Exception]) -> Hours:
    """The intervals of one day; 24:00 is its end."""
    try:
        found = tuple((_clock(opens), _clock(closes)) for opens, closes in intervals)
    except (ValueError, TypeError) as problem:
        raise refuse() from problem
    edges = [edge for interval in found for edge in interval]
    if edges != sorted(edges) or any(opens == closes for opens, closes in found):
        raise refuse()
    return found


def write_day(intervals: Hours) -> list[list[str]]:
    """The intervals of one day as text."""
    return [[_text(opens), _text(closes)] for opens, closes in intervals]


def _clock(text: str) -> time:
    return END_OF_DAY if text.strip() == "24:00" else time.fromisoformat(text.strip())


def _text(at: time) -> str:
    return "24:00" if at == END_OF_DAY else f"{at:%H:%M}"
