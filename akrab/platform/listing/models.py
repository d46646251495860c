"""Tables of saved views: the address of a list under a name, and who keeps it at hand."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from akrab.platform.ids import new_id
from akrab.platform.journal.declaring import journalled


class SavedView(models.Model):
    """A named state of a list (filters, columns, order), as the query of its address; a locked one only its owner changes."""

    class Scope(models.TextChoices):
        PRIVATE = "private", _("Only me")
        TEAM = "team", _("My team")
        ALL = "all", _("Everybody")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    object = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True, default="")
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.PRIVATE)
    owner = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("platform.Team", on_delete=models.PROTECT, null=True, related_name="+")
    is_locked = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="platform_savedview_named", condition=~Q(name="")),
            models.CheckConstraint(name="platform_savedview_team", condition=~Q(scope="team") | Q(team__isnull=False)),
            models.UniqueConstraint(
                "object",
                "owner",
                Lower("name"),
                name="platform_savedview_own_name",
                condition=Q(scope="private", retired_at=None),
            ),
            models.UniqueConstraint(
                "object",
                "team",
                Lower("name"),
                name="platform_savedview_shared_name",
                nulls_distinct=False,
                condition=~Q(scope="private") & Q(retired_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ViewMark(models.Model):
    """A person keeps a view as a tab (pinned), or begins with it (default, one for each list)."""

    pk = models.CompositePrimaryKey("person_id", "view_id")
    person = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")
    object = models.CharField(max_length=40)
    is_pinned = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "object", name="platform_viewmark_one_default", condition=Q(is_default=True)),
        ]


journalled(
    SavedView,
    subject="view",
    title=_("Saved view"),
    label="name",
    fields={"name": _("Name"), "query": _("What it shows"), "scope": _("For whom"), "is_locked": _("Locked")},
)
