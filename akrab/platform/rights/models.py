"""Tables of the organization and of the policy: teams, who belongs where, rules, shares."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from akrab.platform.ids import new_id
from akrab.platform.journal.declaring import journalled
from akrab.platform.policy import ROLES


class Team(models.Model):
    """A group of staff, possibly inside another group, with the person who leads it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    lead = models.ForeignKey("platform.User", on_delete=models.SET_NULL, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"), "parent", name="platform_team_name", nulls_distinct=False, condition=Q(retired_at=None)
            ),
            models.CheckConstraint(name="platform_team_not_its_parent", condition=Q(parent=None) | ~Q(parent=F("id"))),
            models.CheckConstraint(name="platform_team_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's time in a team; both days belong to it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="memberships")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="platform_membership_open_once", fields=["team", "person"], condition=Q(until=None)),
            models.CheckConstraint(name="platform_membership_days", condition=Q(until=None) | Q(until__gte=F("since"))),
        ]


class UnitMember(models.Model):
    """A person belongs to a unit that another room keeps, for example a branch."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="units")
    kind = models.CharField(max_length=40)
    unit_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(name="platform_unitmember_once", fields=["person", "kind", "unit_id"])]


class Addressed(models.Model):
    """Whom a rule is about: a role, a team with the teams below it, a person, or everybody."""

    role = models.CharField(max_length=20, choices=list(ROLES.items()), blank=True, default="")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("platform.User", on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_one_addressee",
                condition=Q(role="", team=None) | Q(role="", person=None) | Q(team=None, person=None),
            ),
        ]


class RecordRule(Addressed):
    """Lets people reach, or keeps them from, some records of an object at a level."""

    class Effect(models.TextChoices):
        ALLOW = "allow", _("Allow")
        DENY = "deny", _("Deny")

    class Level(models.TextChoices):
        READ = "read", _("See")
        EDIT = "edit", _("Edit")
        DELETE = "delete", _("Delete")

    class Scope(models.TextChoices):
        ALL = "all", _("All")
        OWN = "own", _("Own")
        TEAM = "team", _("Own team and teams below")
        UNIT = "unit", _("Own branch")
        SHARED = "shared", _("Only what is shared")
        CUSTOMER = "customer", _("Of customers they may see")
        FILTER = "filter", _("Matching a filter")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    object = models.CharField(max_length=60)
    effect = models.CharField(max_length=5, choices=Effect, default=Effect.ALLOW)
    level = models.CharField(max_length=6, choices=Level, default=Level.READ)
    scope = models.CharField(max_length=8, choices=Scope)
    filter: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta(Addressed.Meta):
        indexes = [models.Index("object", name="platform_recordrule_open", condition=Q(retired_at=None))]


class FieldRule(Addressed):
    """What people may do with one field of an object."""

    class Access(models.TextChoices):
        HIDDEN = "hidden", _("Hidden")
        MASKED = "masked", _("Masked")
        READ = "read", _("Read only")
        EDIT = "edit", _("Read and edit")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    object = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    access = models.CharField(max_length=6, choices=Access)

    class Meta(Addressed.Meta):
        indexes = [models.Index("object", "field", name="platform_fieldrule_open", condition=Q(retired_at=None))]


class Share(models.Model):
    """One record opened to one more person or team, up to a level and perhaps until a moment."""

    class Level(models.TextChoices):
        READ = "read", _("See")
        EDIT = "edit", _("Edit")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    object = models.CharField(max_length=60)
    record_id = models.UUIDField()
    person = models.ForeignKey("platform.User", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    level = models.CharField(max_length=6, choices=Level, default=Level.READ)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="platform_share_one_receiver",
                condition=Q(person=None, team__isnull=False) | Q(person__isnull=False, team=None),
            ),
            models.UniqueConstraint(
                name="platform_share_once",
                fields=["object", "record_id", "person", "team"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index("person", "object", name="platform_share_to_person", condition=Q(ended_at=None)),
            models.Index("team", "object", name="platform_share_to_team", condition=Q(ended_at=None)),
        ]


journalled(Team, subject="team", title=_("Team"), label="name")
journalled(Membership, subject="team", owner="team_id", title=_("Team member"))
journalled(UnitMember, subject="user", owner="person_id", title=_("Branch member"))
journalled(RecordRule, subject="record_rule", title=_("Rule about records"))
journalled(FieldRule, subject="field_rule", title=_("Rule about a field"))
journalled(Share, subject="share", title=_("Share"))
