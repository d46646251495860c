"""Tables of notes: what somebody wrote about a customer, whom it names, what is attached."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akrab.collaboration.models.seeing import on_seen
from akrab.platform.actor import Actor
from akrab.platform.ids import new_id
from akrab.platform.journal.declaring import journalled
from akrab.platform.prose import to_html


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, by: Actor) -> NoteQuerySet:
        """Colleagues see the notes on customers whom they may see; partners of these only those that are meant for them."""
        rows = self
        if not by.may("collaboration.view_work"):
            rows = self.filter(visibility=Note.Visibility.PARTNER) if by.may("collaboration.view_shared") else self.none()
        return on_seen(rows, by)

    def kept(self) -> NoteQuerySet:
        return self.filter(removed_at=None)

    def with_details(self) -> NoteQuerySet:
        """What a note shows: author, whom it names, what is attached."""
        return self.select_related("author", "customer").prefetch_related("mentioned", "attachments")


class Note(models.Model):
    """Something written, about a customer or about another thing (a kind and an id)."""

    class Visibility(models.TextChoices):
        INTERNAL = "internal", _("Colleagues only")
        PARTNER = "partner", _("Partners too")
        CUSTOMER = "customer", _("The customer too")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    body = models.TextField()
    customer: models.ForeignKey[Any, Any] = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, null=True, related_name="+"
    )
    subject_kind = models.CharField(max_length=40, blank=True, default="")
    subject_id = models.UUIDField(null=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.INTERNAL)
    author: models.ForeignKey[Any, Any] = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=200, blank=True, default="")
    mentioned: models.ManyToManyField[Any, Any] = models.ManyToManyField("platform.User", through="Mention", related_name="+")
    pinned_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    objects: ClassVar[models.Manager[Note]] = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="collaboration_note_written", condition=~Q(body="")),
            models.CheckConstraint(
                name="collaboration_note_about", condition=Q(customer__isnull=False) | Q(subject_id__isnull=False)
            ),
        ]
        indexes = [
            models.Index("customer", F("created_at").desc(), F("id").desc(), name="collaboration_note_of"),
            models.Index(F("created_at").desc(), F("id").desc(), name="collaboration_note_newest"),
            models.Index("subject_id", name="collaboration_note_subject", condition=Q(subject_id__isnull=False)),
        ]

    @property
    def html(self) -> str:
        """The body as it is read."""
        return to_html(self.body)


class Mention(models.Model):
    """Somebody whom a note names."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    user: models.ForeignKey[Any, Any] = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="collaboration_mention_once", fields=["note", "user"])]


class Attachment(models.Model):
    """A file that came with a note."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()


# Without a label: what a note says is not for everybody who may see changes.
journalled(Note, subject="note", title=_("Note"), fields={"removed_at": _("Removed")})
journalled(Mention, subject="note", owner="note_id", title=_("Mention in a note"))
journalled(Attachment, subject="note", owner="note_id", title=_("File of a note"))
