"""Table of custom fields: what a company adds to an object; the values stand in a column of the object itself."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akrab.platform.ids import new_id
from akrab.platform.journal.declaring import journalled


class CustomField(models.Model):
    """A field that a company made; `key` never changes, so that addresses, files and programs keep their word for it."""

    class Type(models.TextChoices):
        TEXT = "text", _("Text")
        LONG = "long", _("Long text")
        NUMBER = "number", pgettext_lazy("kind of field", "Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        MOMENT = "moment", _("Date and time")
        CHOICE = "choice", _("Choice")
        CHOICES = "choices", _("Several choices")
        PERSON = "person", _("Person")
        LINK = "link", _("Link to a record")
        BOOLEAN = "boolean", _("Yes or no")
        URL = "url", _("Web address")
        FORMULA = "formula", _("Formula")
        ROLLUP = "rollup", _("Roll-up")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    object = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    type = models.CharField(max_length=8, choices=Type)
    title_en = models.CharField(max_length=80)
    title_id = models.CharField(max_length=80, blank=True, default="")
    help_text = models.CharField(max_length=300, blank=True, default="")
    group = models.CharField(max_length=80, blank=True, default="")
    position = models.IntegerField(default=0)
    is_required = models.BooleanField(default=False)
    is_unique = models.BooleanField(default=False)
    is_searchable = models.BooleanField(default=False)
    options: models.JSONField[Any, Any] = models.JSONField(default=dict)
    is_indexed = models.BooleanField(default=False)
    computed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    trashed_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="platform_customfield_once", fields=["object", "key"]),
            models.CheckConstraint(name="platform_customfield_titled", condition=~Q(title_en="")),
            models.CheckConstraint(name="platform_customfield_key", condition=Q(key__regex=r"^[a-z][a-z0-9_]*$")),
        ]

    def __str__(self) -> str:
        return self.title_en


class Exactly(json.JSONDecoder):
    """Numbers with decimals as they were written, never as binary ones."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**more, "parse_float": Decimal})


def values_column() -> models.JSONField[Any, Any]:
    """The column that a customizable object has: `custom` holds what people say, `computed` what is worked out."""
    return models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), decoder=Exactly)


journalled(
    CustomField,
    subject="custom_field",
    title=_("Custom field"),
    label="title_en",
    fields={
        "title_en": _("Name"),
        "title_id": _("Name in Bahasa Indonesia"),
        "help_text": _("Help"),
        "group": _("Group"),
        "position": _("Place"),
        "is_required": _("Required"),
        "is_unique": _("Unique"),
        "is_searchable": _("Quick to filter and sort"),
        "options": _("Settings"),
        "trashed_at": _("In the trash since"),
    },
    derived=("is_indexed", "computed_at"),
)
