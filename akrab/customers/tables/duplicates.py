"""Duplicates: how records are compared, as data, and pairs that look like one customer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akrab.platform.ids import new_id


class DuplicateRule(models.Model):
    """How one field of two customers speaks for or against one person, in bits: ten bits are a thousand to one."""

    class Compare(models.TextChoices):
        NAME = "name", _("Name")
        COMPANY = "company", _("Name without PT, CV, Ltd")
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        BORN = "born", _("Born on")
        ADDRESS = "address", _("Address")
        CITY = "city", _("City")

    class How(models.TextChoices):
        EXACT = "exact", _("exact")
        FUZZY = "fuzzy", _("similar letters")
        DIGITS = "digits", _("one sign may differ")
        DATE = "date", _("one sign may differ, or day and month change places")

    class OnEntry(models.TextChoices):
        NOTHING = "", _("say nothing")
        ALERT = "alert", _("show a hint")
        BLOCK = "block", _("refuse")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10)
    field = models.CharField(max_length=10, choices=Compare)
    how = models.CharField(max_length=10, choices=How)
    same = models.FloatField()
    close = models.FloatField()
    different = models.FloatField()
    on_entry = models.CharField(max_length=5, choices=OnEntry, blank=True, default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="customers_duplicaterule_once", fields=["kind", "field"]),
            models.CheckConstraint(
                name="customers_duplicaterule_bits",
                condition=Q(same__gte=F("close")) & Q(close__gte=F("different")) & Q(same__lte=40) & Q(different__gte=-40),
            ),
        ]


class Duplicate(models.Model):
    """Two customers who look like one; `keys` is the hash of what was compared, a decision holds while it stays."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        MERGED = "merged", _("Merged")
        DIFFERENT = "different", _("Not a duplicate")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    a = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    b = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    bits = models.FloatField()
    evidence: models.JSONField[Any, Any] = models.JSONField(default=list)
    keys = models.CharField(max_length=32)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    found_at = models.DateTimeField()
    settled_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="customers_duplicate_once", fields=["a", "b"]),
            models.CheckConstraint(name="customers_duplicate_ordered", condition=Q(a__lt=F("b"))),
        ]
        indexes = [
            models.Index(F("bits").desc(), F("id").desc(), name="customers_duplicate_open", condition=Q(status="open")),
        ]
