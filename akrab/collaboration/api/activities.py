"""Calls, meetings and visits over the API: what takes place, plan or log, change, hold, cancel."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import localdate, now
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.collaboration.models.activities import Activity
from akrab.collaboration.operations.meeting import ActivityDraft, add_activities, cancel_activity, change_activity, hold_activity
from akrab.collaboration.queries.agenda import agenda, get_activity
from akrab.platform.actor import Actor
from akrab.platform.api.replies import reply, wanted_version
from akrab.platform.api.shapes import Day, Input, Text
from akrab.platform.refusal import Invalid

router = Router(tags=["activities"])
Kind = Literal["call", "meeting", "visit"]
Status = Literal["planned", "held", "canceled"]
Outcome = Literal["", "good", "open", "bad", "no_answer", "voicemail"]
Ids = Annotated[list[UUID], Field(max_length=50)]
WINDOW = timedelta(days=92)


class ActivityChange(Input):
    """The fields to change. Without `starts_time` it lasts `days` whole days, with it `minutes`."""

    kind: Kind = "meeting"
    title: Annotated[Text, Field(min_length=1, max_length=200)] = ""
    starts_on: Day | None = None
    starts_time: time | None = None
    minutes: Annotated[int, Field(ge=0, le=10080)] = 30
    days: Annotated[int, Field(ge=1, le=366)] = 1
    zone: Annotated[Text, Field(max_length=60)] = ""
    place: Annotated[Text, Field(max_length=200)] = ""
    rrule: Annotated[Text, Field(max_length=200)] = ""
    outcome: Outcome = ""
    notes: Annotated[Text, Field(max_length=20000)] = ""
    is_incoming: bool = False
    customer_ids: Ids = []
    people_ids: Ids = []


class ActivityIn(ActivityChange):
    """A call, meeting or visit that is planned, or that took place (status held)."""

    kind: Kind
    title: Annotated[Text, Field(min_length=1, max_length=200)]
    starts_on: Day
    status: Literal["planned", "held"] = "planned"


class HoldingIn(Input):
    """What came of it."""

    outcome: Outcome = ""
    notes: Annotated[Text, Field(max_length=20000)] = ""
    minutes: Annotated[int, Field(ge=0, le=10080)] | None = None


class ActivityOut(TypedDict):
    id: UUID
    kind: Kind
    title: str
    status: Status
    starts_on: date
    starts_time: time | None
    minutes: int
    days: int
    zone: str
    starts_at: datetime
    ends_at: datetime
    place: str
    rrule: str
    outcome: Outcome
    notes: str
    is_incoming: bool
    customer_ids: list[UUID]
    people_ids: list[UUID]
    version: int


class SlotOut(TypedDict):
    """One occurrence; `starts` and `ends` are null when it lasts whole days."""

    activity_id: UUID
    kind: Kind
    title: str
    first_on: date
    last_on: date
    starts: datetime | None
    ends: datetime | None


class SlotList(TypedDict):
    items: list[SlotOut]


@router.get("/activities", response=SlotList, summary="List what takes place")
def index(
    request: Any,
    since: Day | None = None,
    until: Day | None = None,
    person_id: UUID | None = None,
    customer_id: UUID | None = None,
) -> HttpResponse:
    """Every occurrence between two days, three months at most; a month from today when they are left out."""
    first = since or localdate()
    last = until or first + timedelta(days=30)
    if not timedelta(0) <= last - first <= WINDOW:
        raise Invalid({"until": "Ask for three months at most."})
    slots = agenda(by=request.actor, since=first, until=last, person_id=person_id, customer_id=customer_id)
    items = [
        {
            "activity_id": one.activity.pk,
            "kind": one.activity.kind,
            "title": one.activity.title,
            "first_on": one.first,
            "last_on": one.last,
            "starts": one.starts,
            "ends": one.ends,
        }
        for one in slots
    ]
    return reply({"items": items})


@router.post("/activities", response={201: ActivityOut}, summary="Plan or log an activity")
def create(request: Any, body: ActivityIn) -> HttpResponse:
    """Shows on the timelines of its customers and in the calendars of its people."""
    given = body.model_dump(exclude={"customer_ids", "people_ids"})
    draft = ActivityDraft(**given, customer_ids=tuple(body.customer_ids), people_ids=tuple(body.people_ids))
    (fact, *_others) = add_activities(by=request.actor, activities=[draft], at=now())
    return _answer(request.actor, fact.activity_id, status=201)


@router.get("/activities/{uuid:activity_id}", response=ActivityOut, summary="Read an activity")
def show(request: Any, activity_id: UUID) -> HttpResponse:
    """One of them; the ETag is its version."""
    return _answer(request.actor, activity_id)


@router.patch("/activities/{uuid:activity_id}", response=ActivityOut, summary="Change an activity")
def update(request: Any, activity_id: UUID, body: ActivityChange) -> HttpResponse:
    """Changes the fields that are sent; with If-Match only if it still has that version (else 412)."""
    changes = body.model_dump(exclude_unset=True)
    customers, people = changes.pop("customer_ids", None), changes.pop("people_ids", None)
    if changes.get("starts_on", "") is None:
        raise Invalid({"starts_on": "It takes place on some day."})
    change_activity(
        by=request.actor,
        activity_id=activity_id,
        changes=changes,
        customer_ids=customers,
        people_ids=people,
        version=wanted_version(request),
        at=now(),
    )
    return _answer(request.actor, activity_id)


@router.post("/activities/{uuid:activity_id}/holding", response=ActivityOut, summary="Hold an activity")
def hold(request: Any, activity_id: UUID, body: HoldingIn) -> HttpResponse:
    """Says that it took place and what came of it."""
    hold_activity(by=request.actor, activity_id=activity_id, at=now(), **body.model_dump())
    return _answer(request.actor, activity_id)


@router.delete("/activities/{uuid:activity_id}", response={204: None}, summary="Cancel an activity")
def cancel(request: Any, activity_id: UUID) -> HttpResponse:
    """Says that it does not take place."""
    cancel_activity(by=request.actor, activity_id=activity_id, at=now())
    return HttpResponse(status=204)


def _answer(by: Actor, activity_id: UUID, *, status: int = 200) -> HttpResponse:
    one = get_activity(by=by, activity_id=activity_id)
    location = f"/api/v1/activities/{activity_id}" if status == 201 else ""
    return reply(_out(one), status=status, version=one.version, location=location)


def _out(one: Activity) -> dict[str, Any]:
    when = ("starts_on", "starts_time", "minutes", "days", "zone", "starts_at", "ends_at", "rrule")
    what = ("kind", "title", "status", "place", "outcome", "notes", "is_incoming", "version")
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in (*when, *what)},
        "customer_ids": [guest.pk for guest in one.customers.all()],
        "people_ids": [person.pk for person in one.people.all()],
    }
