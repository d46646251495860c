"""The timeline of a customer as people read it: days, sentences, older parts on demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from akrab.customers.queries.identity import names_of_merged
from akrab.customers.queries.timeline import Entry, Timeline, customer_timeline
from akrab.platform.presentation import Story, Words, tell, withdrawn
from akrab.platform.web import Request, fragment

ROOMS: dict[str, Words] = {"collaboration": _("Work"), "commerce": _("Purchases"), "customers": _("Record")}

MERGED = "customers.customers_merged"


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


def _merged_ids(entry: Entry) -> list[UUID]:
    return [UUID(one) for one in entry.payload["merged_ids"]] if entry.kind == MERGED else []


def _names_of_merged(entries: Sequence[Entry]) -> dict[UUID, str]:
    ids = [one for entry in entries for one in _merged_ids(entry)]
    return names_of_merged(ids) if ids else {}


def storied(request: Request, customer_id: UUID, timeline: Timeline, *, room: str = "") -> Told:
    """A timeline told in the reader's language, by day in the reader's zone."""
    days: list[Day] = []
    gone = withdrawn((one.id, one.kind, one.payload) for one in timeline.entries)
    entries = [one for one in timeline.entries if one.id not in gone]
    names = _names_of_merged(entries)
    for one in entries:
        on = localtime(one.at).date()
        if not days or days[-1].on != on:
            days.append(Day(on))
        story = tell(
            fact_id=one.id,
            kind=one.kind,
            at=one.at,
            recorded_at=one.recorded_at,
            payload=one.payload,
            who=one.who,
            entrance=one.entrance,
        )
        who = [names[other] for other in _merged_ids(one) if other in names]
        if who:
            story = replace(story, title=gettext("%(names)s was merged into this customer") % {"names": ", ".join(who)})
        days[-1].stories.append(story)
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
