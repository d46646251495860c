"""Calls, meetings and visits: planned, logged, moved, repeated, shown in a calendar and given to calendar programs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from akrab.collaboration.models.activities import Activity, FeedAddress
from akrab.collaboration.operations.feeding import close_feed, open_feed
from akrab.collaboration.operations.meeting import ActivityDraft, add_activities, cancel_activity, change_activity, hold_activity
from akrab.collaboration.queries.agenda import agenda
from akrab.collaboration.tests.factories import make_colleague, make_person
from akrab.collaboration.views.feeds import calendar_of
from akrab.customers.tests.factories import make_customer, sign_in
from akrab.platform.actor import Actor
from akrab.platform.middleware import actor_of
from akrab.platform.refusal import Invalid, StaleVersion
from akrab.platform.tests.factories import NOON, facts_recorded
from akrab.platform.tests.programs import make_program, problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina() -> Actor:
    return make_colleague("Rina")


def plan(by: Actor, **what_matters: Any) -> Activity:
    values = {"kind": "meeting", "title": "Tasting", "starts_on": date(2026, 3, 10), "starts_time": time(9), **what_matters}
    (fact, *_others) = add_activities(by=by, activities=[ActivityDraft(**values)], at=NOON)
    return Activity.objects.get(pk=fact.activity_id)


def days(by: Actor, since: date, until: date, **more: Any) -> list[str]:
    return [
        f"{one.first} {one.starts:%H:%M}" if one.starts else str(one.first)
        for one in agenda(by=by, since=since, until=until, **more)
    ]


def test_a_meeting_begins_by_the_clock_of_its_zone(rina: Actor) -> None:
    jayapura = plan(rina, zone="Asia/Jayapura", minutes=90)

    assert (jayapura.starts_at, jayapura.ends_at) == (
        datetime(2026, 3, 10, 0, 0, tzinfo=UTC),
        datetime(2026, 3, 10, 1, 30, tzinfo=UTC),
    )
    assert days(rina, date(2026, 3, 10), date(2026, 3, 10)) == ["2026-03-10 07:00"]


def test_a_weekly_meeting_keeps_its_wall_time_when_the_clocks_change(rina: Actor) -> None:
    plan(rina, zone="America/New_York", starts_on=date(2026, 3, 1), starts_time=time(9), rrule="FREQ=WEEKLY")

    new_york = make_colleague("Joe", zone="America/New_York")
    assert days(new_york, date(2026, 3, 1), date(2026, 3, 15)) == ["2026-03-01 09:00", "2026-03-08 09:00", "2026-03-15 09:00"]
    assert days(rina, date(2026, 3, 1), date(2026, 3, 15)) == ["2026-03-01 21:00", "2026-03-08 20:00", "2026-03-15 20:00"]


def test_a_whole_day_is_the_same_day_for_everyone(rina: Actor) -> None:
    plan(rina, starts_time=None, days=2)
    honolulu = make_colleague("Joe", zone="Pacific/Honolulu")
    auckland = make_colleague("Ann", zone="Pacific/Auckland")

    for reader in (rina, honolulu, auckland):
        (slot,) = agenda(by=reader, since=date(2026, 3, 11), until=date(2026, 3, 11))
        assert (slot.first, slot.last, slot.starts) == (date(2026, 3, 10), date(2026, 3, 11), None)


def test_a_logged_call_is_dated_when_it_was(rina: Actor) -> None:
    ayu = make_customer("Ayu")

    call = plan(
        rina,
        kind="call",
        status="held",
        outcome="no_answer",
        is_incoming=True,
        customer_ids=(ayu.pk,),
        starts_on=date(2026, 3, 9),
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, occurred_at, customer_id FROM platform_fact")
        assert cursor.fetchall() == [("collaboration.activity_held", call.starts_at, ayu.pk)]


def test_holding_says_once_that_it_took_place(rina: Actor) -> None:
    meeting = plan(rina)

    hold_activity(by=rina, activity_id=meeting.pk, outcome="good", notes="Liked the *Gayo*", minutes=45, at=NOON)
    hold_activity(by=rina, activity_id=meeting.pk, outcome="open", notes="On second thought", at=NOON)

    meeting.refresh_from_db()
    assert (meeting.status, meeting.outcome, meeting.notes, meeting.minutes) == ("held", "open", "On second thought", 45)
    assert facts_recorded() == ["collaboration.activity_planned", "collaboration.activity_held"]


def test_a_moved_meeting_has_new_instants_and_an_old_version_is_refused(rina: Actor) -> None:
    meeting = plan(rina)
    change_activity(by=rina, activity_id=meeting.pk, changes={"starts_on": date(2026, 3, 12)}, version=1, at=NOON)

    with pytest.raises(StaleVersion):
        change_activity(by=rina, activity_id=meeting.pk, changes={"title": "Other"}, version=1, at=NOON)

    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.title) == (datetime(2026, 3, 12, 2, 0, tzinfo=UTC), "Tasting")


def test_a_canceled_meeting_leaves_the_calendar(rina: Actor) -> None:
    meeting = plan(rina)

    cancel_activity(by=rina, activity_id=meeting.pk, at=NOON)

    assert cancel_activity(by=rina, activity_id=meeting.pk, at=NOON) == []
    assert days(rina, date(2026, 3, 1), date(2026, 3, 31)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"kind": "party"},
        {"rrule": "FREQ=HOURLY"},
        {"minutes": -5},
        {"starts_time": None, "days": 0},
        {"customer_ids": (UUID(int=5),)},
        {"people_ids": (UUID(int=5),)},
    ],
)
def test_what_makes_no_sense_is_refused(rina: Actor, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        plan(rina, **wrong)

    assert (Activity.objects.count(), facts_recorded()) == (0, [])


def test_the_feed_has_zones_rules_and_whole_days(rina: Actor) -> None:
    timed = plan(rina, zone="America/New_York", rrule="FREQ=WEEKLY;BYDAY=TU", minutes=60, place="Room 1")
    whole = plan(rina, starts_time=None, days=3, title="Fair; big, loud")

    parsed: Any = Calendar.from_ical(calendar_of([timed, whole], name="Rina"))
    first, second = parsed.walk("VEVENT")

    assert first["DTSTART"].params["TZID"] == "America/New_York"
    assert first["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 3, 10, 9, 0)
    assert first["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=TU"
    assert (second["DTSTART"].dt, second["DTEND"].dt) == (date(2026, 3, 10), date(2026, 3, 13))
    assert second["SUMMARY"] == "Fair; big, loud"
    assert [str(one["TZID"]) for one in parsed.walk("VTIMEZONE")] == ["America/New_York"]


def test_the_feed_answers_its_secret_until_it_is_revoked(client: Client, rina: Actor) -> None:
    plan(rina, starts_on=date(2030, 3, 10))
    secret = open_feed(by=rina, at=NOON)

    answer = client.get(f"/calendar/feed/{secret}.ics")
    renewed = open_feed(by=rina, at=NOON)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"SUMMARY:Tasting" in answer.content
    assert client.get(f"/calendar/feed/{secret}.ics").status_code == 404
    assert client.get(f"/calendar/feed/{renewed}.ics").status_code == 200
    close_feed(by=rina, at=NOON)
    assert client.get(f"/calendar/feed/{renewed}.ics").status_code == 404
    assert all(secret not in one.digest for one in FeedAddress.objects.all())


@pytest.mark.parametrize("view", ["month", "week", "day", "agenda", "nonsense"])
def test_every_view_of_the_calendar_costs_few_queries(client: Client, view: str) -> None:
    rina = actor_of(sign_in(client, "manager"))
    for number in range(4):
        plan(rina, title=f"Tasting {number}", customer_ids=(make_customer(f"Ayu {number}").pk,))
    address = f"/calendar/?view={view}&on=2026-03-10"
    client.get(address)

    with CaptureQueriesContext(connection) as captured:
        body = client.get(address).content.decode()

    assert body.count("Tasting") >= 4
    assert len(captured) <= 7


def test_the_form_plans_and_keeps_what_was_typed_when_refused(client: Client) -> None:
    sign_in(client, "manager")
    ayu, budi = make_customer("Ayu"), make_person("Budi")
    sent = {
        "kind": "visit",
        "title": "Visit",
        "status": "planned",
        "starts_on": "2026-12-01",
        "starts_time": "10:00",
        "minutes": "45",
        "customers": [str(ayu.pk)],
        "attendees": [str(budi.pk)],
    }

    refused = client.post("/activities/", {**sent, "starts_on": ""})
    kept = client.post("/activities/", sent)

    assert refused.status_code == 422
    assert f'value="{ayu.pk}" checked' in refused.content.decode()
    made = Activity.objects.get()
    assert (kept.status_code, kept["Location"]) == (303, f"/activities/{made.pk}/")
    assert {str(one) for one in made.people.all()} == {"Budi", "Manager"}
    for address in (f"/activities/{made.pk}/", f"/activities/{made.pk}/edit/", f"/customers/{ayu.pk}/upcoming/"):
        assert client.get(address).status_code == 200, address


def test_activities_over_the_api() -> None:
    program = make_program()
    ann = program.sends("/customers", {"name": "Ann"})["id"]

    made = program.sends(
        "/activities",
        {"kind": "call", "title": "Intro", "starts_on": "2026-12-01", "starts_time": "09:00", "customer_ids": [ann]},
    )
    path = f"/activities/{made['id']}"
    moved = program.ask("PATCH", path, {"starts_on": "2026-12-02"}, If_Match='"1"').json()
    held = program.sends(f"{path}/holding", {"outcome": "good", "minutes": 12})
    listed = program.reads(f"/activities?since=2026-12-01&until=2026-12-31&customer_id={ann}")["items"]

    assert (made["starts_at"], moved["starts_at"]) == ("2026-12-01T02:00:00Z", "2026-12-02T02:00:00Z")
    assert (held["status"], held["minutes"]) == ("held", 12)
    assert [one["first_on"] for one in listed] == ["2026-12-02"]
    assert problem_of(program.ask("GET", "/activities?since=2026-01-01&until=2027-01-01")) == (422, "invalid")
    assert program.ask("DELETE", path).status_code == 204
    assert program.reads(path)["status"] == "canceled"
