"""Identity: which customers were merged into which, since when, why, and how to take it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akrab.platform.ids import new_id
from akrab.platform.journal.declaring import names_rows


class Merge(models.Model):
    """One merge of customers into a survivor; `entry_id` is its entry in the journal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    survivor = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    merged_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True, default="")
    evidence: models.JSONField[Any, Any] = models.JSONField(default=dict)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=60)
    actor_label = models.CharField(max_length=200)
    entry_id = models.UUIDField(null=True)
    undone_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(F("merged_at").desc(), F("id").desc(), name="customers_merge_by_time")]


names_rows("customers_merge", _("Merge"))


class Identity(models.Model):
    """A row of the identity map: while it is valid, the customer is read as the survivor."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="identities")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    survivor = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    valid_from = models.DateTimeField()
    valid_to: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="customers_identity_one", fields=["customer"], condition=Q(valid_to=None)),
            models.CheckConstraint(name="customers_identity_not_self", condition=~Q(customer=F("survivor"))),
        ]


class MergeMove(models.Model):
    """A row that a merge gave to the survivor, or took away as said twice, in a table that the journal does not follow."""

    id = models.BigAutoField(primary_key=True)
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moves")
    relation = models.CharField(max_length=63)
    column = models.CharField(max_length=63)
    key = models.CharField(max_length=60)
    was = models.UUIDField(null=True)
    image: models.JSONField[Any, Any] = models.JSONField(null=True)
