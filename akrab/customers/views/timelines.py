"""The timeline of a customer as people read it: days, sentences, older parts on demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from akrab.customers.queries.timeline import Timeline, customer_timeline
from akrab.platform.presentation import Story, Words, tell
from akrab.platform.web import Request, fragment

ROOMS: dict[str, Words] = {"collaboration": _("Work"), "commerce": _("Purchases"), "customers": _("Record")}


@dataclass(slots=True)
class Day:
    """The stories of one day; `is_new` says whether its heading is still to be drawn."""

    on: date
    stories: list[Story] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """What the timeline component draws."""

    days: list[Day]
    older: str
    tabs: list[dict[str, Words]]
    current: str
    address: str
    here: str


def show(request: Request, customer_id: UUID) -> HttpResponse:
    room = request.GET.get("room", "")
    kinds = (room,) if room in ROOMS else ()
    timeline = customer_timeline(by=request.actor, customer_id=customer_id, kinds=kinds, cursor=request.GET.get("cursor", ""))
    told = storied(request, customer_id, timeline, room=room if kinds else "")
    component = "customers.timeline-days" if request.GET.get("cursor") else "customers.timeline"
    return fragment(request, component, timeline=told)


def storied(request: Request, customer_id: UUID, timeline: Timeline, *, room: str = "") -> Told:
    """A timeline told in the reader's language, by day in the reader's zone."""
    days: list[Day] = []
    for one in timeline.entries:
        on = localtime(one.at).date()
        if not days or days[-1].on != on:
            days.append(Day(on))
        days[-1].stories.append(
            tell(
                fact_id=one.id,
                kind=one.kind,
                at=one.at,
                recorded_at=one.recorded_at,
                payload=one.payload,
                who=one.who,
                entrance=one.entrance,
            )
        )
    address = reverse("customers:timeline", args=[customer_id])
    more = QueryDict(mutable=True)
    more.update({"room": room, "cursor": timeline.next} if room else {"cursor": timeline.next})
    return Told(
        days,
        f"{address}?{more.urlencode()}" if timeline.next else "",
        [
            {"title": _("All"), "url": address, "key": ""},
            *({"title": title, "url": f"{address}?room={name}", "key": name} for name, title in ROOMS.items()),
        ],
        room,
        address,
        f"{address}?room={room}" if room else address,
    )
