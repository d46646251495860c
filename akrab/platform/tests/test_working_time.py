"""Working time counts only while people are at work: lunch, weekends, holidays, joint leave, other zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akrab.platform.working_time import (
    END_OF_DAY,
    OFFICE,
    NeverWorks,
    WorkingHours,
    add_business_time,
    business_time_between,
    holidays_of,
    read_day,
)

JAKARTA = ZoneInfo("Asia/Jakarta")
HOURS = WorkingHours("Asia/Jakarta", OFFICE)
INDONESIA = WorkingHours("Asia/Jakarta", OFFICE, country="ID")
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))
MINUTES = st.integers(0, 20_000).map(lambda number: timedelta(minutes=number))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


def test_thirty_minutes_from_friday_ten_to_five_end_on_monday() -> None:
    assert add_business_time(at("2026-03-06 16:50"), timedelta(minutes=30), HOURS) == at("2026-03-09 08:20")


def test_a_holiday_on_monday_moves_it_to_tuesday() -> None:
    with_holiday = WorkingHours("Asia/Jakarta", OFFICE, exceptions={date(2026, 3, 9): ()})

    assert add_business_time(at("2026-03-06 16:50"), timedelta(minutes=30), with_holiday) == at("2026-03-10 08:20")


def test_lunch_does_not_count() -> None:
    assert business_time_between(at("2026-03-10 11:30"), at("2026-03-10 13:30"), HOURS) == timedelta(hours=1)


def test_joint_leave_is_a_holiday_where_it_is_asked_for() -> None:
    public, joint = (holidays_of("ID", 2025, with_joint_leave=one) for one in (False, True))
    extra = sorted(set(joint) - set(public))

    assert date(2025, 8, 17) in public
    assert len(extra) >= 5
    weekday = next(day for day in extra if day.weekday() < 5)
    assert INDONESIA.on(weekday) == ()
    assert WorkingHours("Asia/Jakarta", OFFICE, country="ID", with_joint_leave=False).on(weekday) == OFFICE[0]


def test_an_exception_opens_a_holiday() -> None:
    inventory = WorkingHours("Asia/Jakarta", OFFICE, country="ID", exceptions={date(2026, 8, 17): ((time(9), time(10)),)})

    assert business_time_between(at("2026-08-17 00:00"), at("2026-08-18 00:00"), inventory) == timedelta(hours=1)


def test_the_day_of_the_clock_change_has_its_real_length() -> None:
    always = WorkingHours("America/New_York", (((time(0), END_OF_DAY),),) * 7)
    place = ZoneInfo("America/New_York")

    spring = business_time_between(datetime(2026, 3, 8, tzinfo=place), datetime(2026, 3, 9, tzinfo=place), always)

    assert spring == timedelta(hours=23)


def test_a_calendar_without_hours_says_so() -> None:
    with pytest.raises(NeverWorks):
        add_business_time(at("2026-03-06 16:50"), timedelta(minutes=1), WorkingHours("UTC", ((),) * 7))


@given(INSTANTS, MINUTES)
@settings(max_examples=30, deadline=None)
def test_what_is_added_is_what_lies_between(start: datetime, length: timedelta) -> None:
    assert business_time_between(start, add_business_time(start, length, HOURS), HOURS) == length


@given(INSTANTS, INSTANTS, INSTANTS)
@settings(max_examples=30, deadline=None)
def test_time_between_adds_up(one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted([one, two, three])

    whole = business_time_between(first, last, HOURS)

    assert business_time_between(first, middle, HOURS) + business_time_between(middle, last, HOURS) == whole


@pytest.mark.parametrize(
    "wrong", [[["08:00"]], [["12:00", "08:00"]], [["08:00", "12:00"], ["11:00", "17:00"]], [["x", "y"]], [["08:00", "08:00"]]]
)
def test_hours_out_of_order_are_refused(wrong: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="no"):
        read_day(wrong, lambda: ValueError("no"))
