"""Calls, meetings and visits: planned or logged, moved, held, canceled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.collaboration.facts import ActivityChanged, ActivityHeld, ActivityPlanned
from akrab.collaboration.models.activities import Activity, Attendee, Guest
from akrab.collaboration.models.seeing import CUSTOMERS
from akrab.collaboration.operations.opening import LOUD, refuse_strangers, refuse_unknown_people, timelines
from akrab.collaboration.queries.people import NOBODY, person_of
from akrab.collaboration.queries.recurring import check_rule
from akrab.platform.actor import Actor
from akrab.platform.clock import zone
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.prose import to_plain
from akrab.platform.refusal import Invalid, NotFound, StaleVersion
from akrab.platform.rights.limits import reachable

FIELDS = (
    "kind",
    "title",
    "place",
    "starts_on",
    "starts_time",
    "minutes",
    "days",
    "zone",
    "rrule",
    "outcome",
    "notes",
    "is_incoming",
)
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityDraft:
    """What is to take place, or took place; without a time it lasts whole days."""

    kind: str
    title: str
    starts_on: date
    starts_time: time | None = None
    minutes: int = 30
    days: int = 1
    zone: str = ""
    place: str = ""
    rrule: str = ""
    status: str = Activity.Status.PLANNED.value
    outcome: str = ""
    notes: str = ""
    is_incoming: bool = False
    customer_ids: tuple[UUID, ...] = ()
    people_ids: tuple[UUID, ...] = ()


@operation(may="collaboration.edit_work")
def add_activities(*, by: Actor, activities: Sequence[ActivityDraft], at: datetime) -> list[ActivityPlanned | ActivityHeld]:
    """Plan calls, meetings and visits, or log those that took place."""
    refuse_strangers(by=by, customer_ids={one for draft in activities for one in draft.customer_ids})
    refuse_unknown_people({one for draft in activities for one in draft.people_ids})
    me = person_of(by)
    made = [_activity(draft, by=by, me=me, at=at) for draft in activities]
    Activity.objects.bulk_create(made)
    pairs = list(zip(made, activities, strict=True))
    _link(pairs, me)
    quiet = by.entrance == "import" or len(activities) > LOUD
    facts = [
        _held(activity, customer)
        if activity.status == Activity.Status.HELD
        else ActivityPlanned(
            activity_id=activity.pk,
            planned_at=at,
            kind=activity.kind,
            title=activity.title,
            starts=starts_text(activity),
            people=[str(one) for one in draft.people_ids],
            customer_id=customer,
            by_id=str(me),
            is_quiet=quiet,
        )
        for activity, draft in pairs
        for customer in timelines(draft.customer_ids)
    ]
    record(facts, by=by)
    return facts


@operation(may="collaboration.edit_work")
def change_activity(
    *,
    by: Actor,
    activity_id: UUID,
    changes: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
    customer_ids: Iterable[UUID] | None = None,
    people_ids: Iterable[UUID] | None = None,
) -> list[ActivityChanged]:
    """Move or change what is planned; refused when `version` is not current."""
    activity = _lock(activity_id, by=by)
    if version is not None and version != activity.version:
        raise StaleVersion
    strange = {name: str(_("This field cannot be edited.")) for name in set(changes) - set(FIELDS)}
    if strange:
        raise Invalid(strange)
    for name, value in changes.items():
        setattr(activity, name, value)
    _settle(activity)
    _relink(activity, customer_ids, people_ids, by=by)
    return _note_change(activity, by=by, at=at)


@operation(may="collaboration.edit_work")
def hold_activity(
    *, by: Actor, activity_id: UUID, at: datetime, outcome: str = "", notes: str = "", minutes: int | None = None
) -> list[ActivityHeld]:
    """Say that it took place and what came of it; saying it again keeps the newer words and records nothing."""
    activity = _lock(activity_id, by=by)
    was_held = activity.status == Activity.Status.HELD
    activity.status, activity.outcome, activity.notes = Activity.Status.HELD, outcome, notes.strip()
    if minutes is not None and not activity.is_all_day:
        activity.minutes = minutes
    _settle(activity)
    _save(activity, at)
    facts = [] if was_held else [_held(activity, customer) for customer in timelines(_guests(activity))]
    record(facts, by=by)
    return facts


@operation(may="collaboration.edit_work")
def cancel_activity(*, by: Actor, activity_id: UUID, at: datetime) -> list[ActivityChanged]:
    """Say that it does not take place; canceling again changes nothing."""
    activity = _lock(activity_id, by=by)
    if activity.status == Activity.Status.CANCELED:
        return []
    activity.status = Activity.Status.CANCELED
    return _note_change(activity, by=by, at=at)


def starts_text(activity: Activity) -> str:
    """When it begins, as ISO text: a day, or an instant."""
    return activity.starts_on.isoformat() if activity.is_all_day else activity.starts_at.isoformat()


def _activity(draft: ActivityDraft, *, by: Actor, me: UUID, at: datetime) -> Activity:
    names = (*FIELDS, "status")
    activity = Activity(**{name: getattr(draft, name) for name in names}, created_at=at, changed_at=at)
    activity.zone = draft.zone or by.zone
    activity.organizer_id = None if me == NOBODY else me
    _settle(activity)
    return activity


def _settle(activity: Activity) -> None:
    """Check the fields and compute the instants from day, time and zone."""
    activity.title = activity.title.strip()
    errors = {}
    if not activity.title:
        errors["title"] = str(_("Give it a title."))
    for name, known in (("kind", Activity.Kind), ("status", Activity.Status), ("outcome", Activity.Outcome)):
        if getattr(activity, name) not in [*known.values, *([""] if name == "outcome" else [])]:
            errors[name] = str(_("Choose from the list."))
    length = timedelta(days=activity.days) if activity.is_all_day else timedelta(minutes=activity.minutes)
    if not timedelta(0) <= length <= LONGEST or (activity.is_all_day and activity.days < 1):
        errors["minutes"] = str(_("It cannot last that long."))
    if errors:
        raise Invalid(errors)
    activity.rrule = check_rule(activity.rrule)
    place = zone(activity.zone)
    activity.starts_at = activity.wall_start.replace(tzinfo=place).astimezone(UTC)
    wall_end = activity.wall_start + length if activity.is_all_day else None
    activity.ends_at = wall_end.replace(tzinfo=place).astimezone(UTC) if wall_end else activity.starts_at + length


def _link(pairs: Sequence[tuple[Activity, ActivityDraft]], me: UUID) -> None:
    Guest.objects.bulk_create(
        Guest(activity=activity, customer_id=one) for activity, draft in pairs for one in dict.fromkeys(draft.customer_ids)
    )
    mine = () if me == NOBODY else (me,)
    Attendee.objects.bulk_create(
        Attendee(activity=activity, user_id=one) for activity, draft in pairs for one in dict.fromkeys((*draft.people_ids, *mine))
    )


def _relink(activity: Activity, customers: Iterable[UUID] | None, people: Iterable[UUID] | None, *, by: Actor) -> None:
    if customers is not None:
        wanted = set(customers)
        before = reachable(by, CUSTOMERS, _guests(activity))
        refuse_strangers(by=by, customer_ids=wanted - before)
        Guest.objects.filter(activity=activity, customer_id__in=before - wanted).delete()
        Guest.objects.bulk_create(Guest(activity=activity, customer_id=one) for one in wanted - before)
    if people is not None:
        wanted = set(people)
        before = set(Attendee.objects.filter(activity=activity).values_list("user_id", flat=True))
        refuse_unknown_people(wanted - before)
        Attendee.objects.filter(activity=activity).exclude(user_id__in=wanted).delete()
        Attendee.objects.bulk_create(Attendee(activity=activity, user_id=one) for one in wanted - before)


def _note_change(activity: Activity, *, by: Actor, at: datetime) -> list[ActivityChanged]:
    _save(activity, at)
    people = [str(one) for one in Attendee.objects.filter(activity=activity).order_by("pk").values_list("user_id", flat=True)]
    facts = [
        ActivityChanged(
            activity_id=activity.pk,
            changed_at=at,
            kind=activity.kind,
            title=activity.title,
            starts=starts_text(activity),
            is_canceled=activity.status == Activity.Status.CANCELED,
            people=people,
            customer_id=customer,
            by_id=str(person_of(by)),
        )
        for customer in timelines(_guests(activity))
    ]
    record(facts, by=by)
    return facts


def _save(activity: Activity, at: datetime) -> None:
    activity.version += 1
    activity.changed_at = at
    activity.save()


def _held(activity: Activity, customer: UUID | None) -> ActivityHeld:
    return ActivityHeld(
        activity_id=activity.pk,
        held_at=activity.starts_at,
        kind=activity.kind,
        title=activity.title,
        outcome=activity.outcome,
        minutes=0 if activity.is_all_day else activity.minutes,
        excerpt=to_plain(activity.notes),
        is_incoming=activity.is_incoming,
        customer_id=customer,
    )


def _guests(activity: Activity) -> list[UUID]:
    return list(Guest.objects.filter(activity=activity).order_by("pk").values_list("customer_id", flat=True))


def _lock(activity_id: UUID, *, by: Actor) -> Activity:
    activity = Activity.objects.visible_to(by).select_for_update().filter(pk=activity_id).first()
    if activity is None:
        raise NotFound
    assert isinstance(activity, Activity)
    return activity
