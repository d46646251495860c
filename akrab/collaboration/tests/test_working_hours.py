"""The working calendar of the company: set on a page, read by clocks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from akrab.collaboration.models.calendars import CalendarDay, WorkCalendar
from akrab.collaboration.queries.calendars import working_hours
from akrab.customers.tests.factories import sign_in
from akrab.platform.actor import SYSTEM
from akrab.platform.tests.factories import facts_recorded
from akrab.platform.working_time import add_business_time

pytestmark = pytest.mark.django_db
WEEK = {f"day{index}": "08:00-12:00, 13:00-17:00" if index < 5 else "" for index in range(7)}
FORM = {"name": "Office", "zone_name": "Asia/Jakarta", "country": "id", "with_joint_leave": "on", **WEEK}


def test_hours_holidays_and_days_that_differ(client: Client) -> None:
    sign_in(client, "manager")

    assert client.post("/settings/working-hours/", FORM).status_code == 303
    client.post("/settings/working-hours/days/", {"on": "2026-03-09", "name": "Inventory", "hours": ""})

    hours = working_hours(by=SYSTEM)
    friday = datetime(2026, 3, 6, 16, 50, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert hours.on(date(2026, 8, 17)) == ()
    assert add_business_time(friday, timedelta(minutes=30), hours) == datetime(
        2026, 3, 10, 8, 20, tzinfo=ZoneInfo("Asia/Jakarta")
    )
    assert "Inventory" in client.get("/settings/working-hours/").content.decode()
    client.post("/settings/working-hours/days/", {"on": "2026-03-09", "remove": "yes"})
    assert CalendarDay.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"day0": "12:00-08:00"}, {"day0": "8 to 5"}, {"zone_name": "Mars/Base"}, {"country": "ZZ"}, {"name": ""}]
)
def test_hours_that_cannot_be_read_keep_the_form(client: Client, wrong: dict[str, str]) -> None:
    sign_in(client, "manager")

    assert client.post("/settings/working-hours/", FORM | wrong).status_code == 422
    assert (WorkCalendar.objects.count(), facts_recorded()) == (0, [])


def test_only_managers_set_hours(client: Client) -> None:
    sign_in(client, "staff")

    assert client.post("/settings/working-hours/", FORM).status_code == 403
    assert WorkCalendar.objects.count() == 0
