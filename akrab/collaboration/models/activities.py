"""Tables of calls, meetings and visits: planned or past, in wall time; and the addresses of calendar feeds."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from akrab.collaboration.models.seeing import about_seen, me_of, seen_customers
from akrab.platform.actor import Actor
from akrab.platform.ids import new_id


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, by: Actor) -> ActivityQuerySet:
        """The activities this actor may see: about customers within reach, about nobody, or which the actor takes part in."""
        if not by.may("collaboration.view_work"):
            return self.none()
        mine = Exists(Attendee._default_manager.filter(activity=OuterRef("pk"), user_id=me_of(by)))
        return about_seen(self, by, links="guests", mine=Q(mine))

    def with_details(self, by: Actor) -> ActivityQuerySet:
        """What an activity shows: organizer, people, and the customers whom the reader may see."""
        return self.select_related("organizer").prefetch_related(seen_customers(self, by), "people")


class Activity(models.Model):
    """A call, meeting or visit. Day, time and zone are what counts; `starts_at` and `ends_at` are the first one's instants."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        VISIT = "visit", _("Visit")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELED = "canceled", _("Canceled")

    class Outcome(models.TextChoices):
        GOOD = "good", _("Went well")
        OPEN = "open", _("Undecided")
        BAD = "bad", _("Went badly")
        NO_ANSWER = "no_answer", _("No answer")
        VOICEMAIL = "voicemail", _("Left a message")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True, default="")
    starts_on = models.DateField()
    starts_time = models.TimeField(null=True)
    minutes = models.IntegerField(default=0)
    days = models.IntegerField(default=1)
    zone = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)
    rrule = models.CharField(max_length=200, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="")
    notes = models.TextField(blank=True, default="")
    is_incoming = models.BooleanField(default=False)
    organizer: models.ForeignKey[Any, Any] = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    customers: models.ManyToManyField[Any, Any] = models.ManyToManyField("customers.Customer", through="Guest", related_name="+")
    people: models.ManyToManyField[Any, Any] = models.ManyToManyField("platform.User", through="Attendee", related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    objects: ClassVar[models.Manager[Activity]] = ActivityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="collaboration_activity_titled", condition=~Q(title="")),
            models.CheckConstraint(name="collaboration_activity_in_order", condition=Q(ends_at__gte=F("starts_at"))),
            models.CheckConstraint(
                name="collaboration_activity_all_day",
                condition=Q(starts_time=None, days__gte=1) | Q(starts_time__isnull=False, minutes__gte=0),
            ),
        ]
        indexes = [
            models.Index("starts_at", "id", name="collaboration_activity_at"),
            models.Index("last_at", name="collaboration_activity_series", condition=~Q(rrule="")),
        ]

    @property
    def is_all_day(self) -> bool:
        return self.starts_time is None

    @property
    def icon(self) -> str:
        """The picture of its kind."""
        return {"call": "phone", "visit": "map-pin"}.get(self.kind, "users")

    @property
    def wall_start(self) -> datetime:
        """Its beginning on the clock of its zone."""
        return datetime.combine(self.starts_on, self.starts_time or datetime.min.time())


class Guest(models.Model):
    """A customer who takes part."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="guests")
    customer: models.ForeignKey[Any, Any] = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="collaboration_guest_once", fields=["customer", "activity"])]


class Attendee(models.Model):
    """A colleague who takes part."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="attendees")
    user: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="collaboration_attendee_once", fields=["user", "activity"])]


class FeedAddress(models.Model):
    """The secret address of somebody's calendar; only the SHA-256 of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="collaboration_feed_one_open", fields=["user"], condition=Q(revoked_at=None))]
