"""The calendar: a month, a week, a day or a list of what takes place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from akrab.collaboration.queries.agenda import Slot, agenda, has_feed
from akrab.collaboration.queries.people import person_of
from akrab.platform.templatetags.shell import clock, day, month
from akrab.platform.web import Request, fragment, page

VIEWS = ("month", "week", "day", "agenda")


@dataclass(frozen=True, slots=True)
class Item:
    """One slot as a calendar shows it."""

    id: UUID
    title: str
    icon: str
    when: str
    tone: str
    customers: str


@dataclass(frozen=True, slots=True)
class Square:
    """A day of the calendar."""

    on: date
    items: list[Item]
    is_today: bool
    is_outside: bool


def index(request: Request) -> HttpResponse:
    today = localdate()
    on = _day(request.GET.get("on", "")) or today
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "month"
    everyone = request.GET.get("whose") == "all"
    since, until = _range(view, on)
    me = person_of(request.actor)
    slots = agenda(by=request.actor, since=since, until=until, person_id=None if everyone else me)
    squares = [_square(one, slots, today, on if view == "month" else None) for one in _days(since, until)]
    return page(
        request,
        "collaboration/calendar.html",
        view=view,
        squares=[one for one in squares if one.items or one.is_today] if view == "agenda" else squares,
        title=_title(view, on, since, until),
        weekdays=[squares[index].on for index in range(7)] if view in ("month", "week") else [],
        tabs=[
            {"key": key, "title": title, "url": _address(key, on, everyone)}
            for key, title in zip(VIEWS, (_("Month"), _("Week"), _("Day"), _("List")), strict=True)
        ],
        keys=[
            ("m", _address("month", on, everyone)),
            ("w", _address("week", on, everyone)),
            ("d", _address("day", on, everyone)),
        ],
        previous=_address(view, _step(view, on, -1), everyone),
        next=_address(view, _step(view, on, 1), everyone),
        today=_address(view, today, everyone),
        other=_address(view, on, not everyone),
        everyone=everyone,
        may_edit=request.actor.may("collaboration.edit_work"),
        has_feed=has_feed(by=request.actor, person_id=me),
    )


def upcoming(request: Request, customer_id: UUID) -> HttpResponse:
    """What is planned with a customer, for the profile."""
    today = localdate()
    slots = agenda(by=request.actor, since=today, until=today + timedelta(days=90), customer_id=customer_id)
    items = [(slot.first, _item(slot)) for slot in slots[:5] if slot.activity.status == "planned"]
    may_edit = request.actor.may("collaboration.edit_work")
    return fragment(request, "collaboration.upcoming", items=items, customer_id=customer_id, may_edit=may_edit)


def _square(on: date, slots: Iterable[Slot], today: date, shown: date | None) -> Square:
    inside = [_item(slot) for slot in slots if slot.first <= on <= slot.last]
    return Square(on, inside, on == today, shown is not None and on.month != shown.month)


def _item(slot: Slot) -> Item:
    one = slot.activity
    return Item(
        id=one.pk,
        title=one.title,
        icon=one.icon,
        when=clock(slot.starts) if slot.starts else _("all day"),
        tone="success" if one.status == "held" else "info",
        customers=", ".join(customer.display_name for customer in one.customers.all()),
    )


def _range(view: str, on: date) -> tuple[date, date]:
    if view == "day":
        return on, on
    if view == "agenda":
        return on, on + timedelta(days=30)
    if view == "week":
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=6)
    first = on.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def _days(since: date, until: date) -> list[date]:
    return [since + timedelta(days=step) for step in range((until - since).days + 1)]


def _step(view: str, on: date, step: int) -> date:
    if view == "month":
        middle = on.replace(day=15) + timedelta(days=30 * step)
        return middle.replace(day=1)
    return on + timedelta(days={"week": 7, "day": 1, "agenda": 30}[view] * step)


def _title(view: str, on: date, since: date, until: date) -> str:
    if view == "month":
        return month(f"{on:%Y-%m}")
    return day(on, "full") if view == "day" else f"{day(since)} – {day(until)}"


def _address(view: str, on: date, everyone: bool) -> str:
    given: dict[str, Any] = {"view": view, "on": on.isoformat()} | ({"whose": "all"} if everyone else {})
    return f"{reverse('collaboration:calendar')}?{urlencode(given)}"


def _day(text: str) -> date | None:
    try:
        found = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        return None
    return found if 1970 < found.year < 2200 else None
