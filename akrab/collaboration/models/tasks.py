"""Tables of tasks: what somebody promised to do, for which customers, by when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akrab.collaboration.models.seeing import about_seen, me_of, seen_customers
from akrab.platform.actor import Actor
from akrab.platform.ids import new_id
from akrab.platform.refusal import Refusal

SOMEDAY = datetime(9000, 1, 1, tzinfo=UTC)


class TaskIsDone(Refusal):
    code = "task_is_done"
    message = _("This task is done already; reopen it first.")


class Priority(models.IntegerChoices):
    HIGH = 1, _("High")
    NORMAL = 2, _("Normal")
    LOW = 3, _("Low")


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, by: Actor) -> TaskQuerySet:
        """The tasks this actor may see: about customers within reach, about nobody, or which the actor is to do."""
        if not by.may("collaboration.view_work"):
            return self.none()
        return about_seen(self, by, links="links", mine=Q(assignee_id=me_of(by)))

    def open(self) -> TaskQuerySet:
        return self.filter(done_at=None)

    def with_row_details(self, by: Actor) -> TaskQuerySet:
        """What one row of a list shows: assignee and the customers whom the reader may see."""
        return self.select_related("assignee").prefetch_related(seen_customers(self, by))


class Task(models.Model):
    """Something to do by a day or by an instant; `due_by` is the instant when it becomes late."""

    class Kind(models.TextChoices):
        TODO = "todo", _("To do")
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        MAIL = "mail", _("Mail")

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        REACHED = "reached", _("Reached")
        NOT_REACHED = "not_reached", _("Not reached")
        NOT_NEEDED = "not_needed", _("Not needed any more")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TODO)
    priority = models.SmallIntegerField(choices=Priority, default=Priority.NORMAL)
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=60)
    due_by = models.DateTimeField(default=SOMEDAY)
    assignee: models.ForeignKey[Any, Any] = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    customers: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "customers.Customer", through="TaskCustomer", related_name="+"
    )
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    rrule = models.CharField(max_length=200, blank=True, default="")
    series = models.UUIDField(null=True)
    occurrence = models.IntegerField(default=1)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="")
    outcome_note = models.TextField(blank=True, default="")
    source_kind = models.CharField(max_length=40, blank=True, default="")
    source_id = models.UUIDField(null=True)
    created_by = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    objects: ClassVar[models.Manager[Task]] = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="collaboration_task_titled", condition=~Q(title="")),
            models.CheckConstraint(name="collaboration_task_due_once", condition=Q(due_on=None) | Q(due_at=None)),
            models.CheckConstraint(
                name="collaboration_task_outcome_iff_done",
                condition=Q(done_at=None, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="collaboration_task_repeats_by_date",
                condition=Q(rrule="") | (Q(series__isnull=False) & (Q(due_on__isnull=False) | Q(due_at__isnull=False))),
            ),
            models.UniqueConstraint(name="collaboration_task_occurs_once", fields=["series", "occurrence"]),
        ]
        indexes = [
            models.Index("assignee", "due_by", "id", name="collaboration_task_mine", condition=Q(done_at=None)),
            models.Index("due_by", "id", name="collaboration_task_open", condition=Q(done_at=None)),
            models.Index(F("done_at").desc(), F("id").desc(), name="collaboration_task_done", condition=Q(done_at__isnull=False)),
            models.Index("remind_at", name="collaboration_task_reminder", condition=Q(done_at=None, reminded_at=None)),
            models.Index("source_id", name="collaboration_task_source", condition=Q(source_id__isnull=False)),
        ]

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def icon(self) -> str:
        """The picture of its kind."""
        return {"call": "phone", "meeting": "users", "mail": "mail"}.get(self.kind, "square-check")

    def complete(self, *, at: datetime, outcome: str, note: str) -> None:
        if self.is_done:
            raise TaskIsDone
        self.done_at, self.outcome, self.outcome_note = at, outcome or self.Outcome.DONE, note


class TaskCustomer(models.Model):
    """A customer whom a task is about."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="links")
    customer: models.ForeignKey[Any, Any] = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="collaboration_taskcustomer_once", fields=["customer", "task"])]
