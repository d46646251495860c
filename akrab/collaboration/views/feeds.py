"""Somebody's calendar as an iCalendar file behind a secret address, for phones and other calendar programs."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event, vRecur

from akrab.collaboration.models.activities import Activity
from akrab.collaboration.operations.feeding import close_feed, digest_of, open_feed
from akrab.collaboration.queries.agenda import activities_for, feed_owner
from akrab.platform.clock import zone
from akrab.platform.middleware import actor_of
from akrab.platform.refusal import NotFound
from akrab.platform.web import Request, page, redirect, toast

PAST = timedelta(days=90)
STATUS = {"planned": "CONFIRMED", "held": "CONFIRMED", "canceled": "CANCELLED"}


def show(request: Request, secret: str) -> HttpResponse:
    """The file; the secret is the key, nobody signs in here."""
    user = feed_owner(digest=digest_of(secret))
    if user is None or not (actor := actor_of(user)).may("collaboration.view_work"):
        raise NotFound
    with override(user.language):
        body = calendar_of(activities_for(by=actor, person_id=user.pk, since=now() - PAST), name=f"Akrab: {user}")
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="akrab.ics"'
    response["Cache-Control"] = "private, max-age=300"
    return response


def create(request: Request) -> HttpResponse:
    """The new address is shown once."""
    secret = open_feed(by=request.actor, at=now())
    base = settings.PUBLIC_URL.rstrip("/") or request.build_absolute_uri("/").rstrip("/")
    return page(request, "collaboration/feed.html", address=base + reverse("collaboration:feed_file", args=[secret]))


def destroy(request: Request) -> HttpResponse:
    close_feed(by=request.actor, at=now())
    toast(request, _("The calendar address does not work any more."))
    return redirect(request, "collaboration:calendar")


def calendar_of(activities: list[Activity], *, name: str) -> bytes:
    """An iCalendar file: times with their zone, whole days as days, so that both keep their wall time."""
    made = Calendar()
    made.add("prodid", "-//Akrab//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for one in activities:
        made.add_component(_event(one))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _event(activity: Activity) -> Event:
    event = Event()
    event.add("uid", f"{activity.pk}@akrab")
    event.add("sequence", activity.version)
    event.add("dtstamp", activity.changed_at.astimezone(UTC))
    event.add("summary", activity.title)
    if activity.starts_time is None:
        event.add("dtstart", activity.starts_on)
        event.add("dtend", activity.starts_on + timedelta(days=activity.days))
    else:
        place = zone(activity.zone)
        start = datetime.combine(activity.starts_on, activity.starts_time or time(), place)
        event.add("dtstart", start)
        event.add("dtend", (start.astimezone(UTC) + timedelta(minutes=activity.minutes)).astimezone(place))
    if activity.rrule:
        event.add("rrule", vRecur.from_ical(activity.rrule))
    if activity.place:
        event.add("location", activity.place)
    customers = ", ".join(one.display_name for one in activity.customers.all())
    if customers:
        event.add("description", customers)
    event.add("status", STATUS[activity.status])
    return event
