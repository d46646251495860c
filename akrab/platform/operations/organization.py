"""The organization: teams, who is in them and since when, and which branches people belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.models import Membership, Team, UnitMember, User
from akrab.platform.operation import operation
from akrab.platform.queries.organization import names_of_people
from akrab.platform.refusal import Invalid, NotFound, Refusal, StaleVersion
from akrab.platform.rights.facts import TeamChanged, TeamMembersChanged, UnitsChanged
from akrab.platform.rights.registry import unit_kinds


class TeamExists(Refusal):
    code = "team_exists"
    message = _("There is a team %(name)s in the same place already.")


class TeamInsideItself(Refusal):
    code = "team_inside_itself"
    status = 422
    message = _("A team cannot be inside itself or inside a team below it.")


class TeamInUse(Refusal):
    code = "team_in_use"
    message = _("This team still has teams below it or rules that speak to it. Move or retire those first.")


@operation(may="platform.manage_teams", journal=_("Made the team %(subject)s"))
def create_team(*, by: Actor, name: str, at: datetime, parent_id: UUID | None = None, lead_id: UUID | None = None) -> TeamChanged:
    """Make a team, perhaps inside another."""
    team = Team(name=_name(name), parent=_parent(parent_id, None), lead_id=lead_id)
    names = names_of_people([lead_id] if lead_id else [], active=True)
    _refuse_twin(team)
    team.save(force_insert=True)
    changes = {"parent": ["", str(team.parent or "")], "lead": ["", names[lead_id] if lead_id else ""]}
    return _told(team, {what: change for what, change in changes.items() if change[1]}, by=by, at=at)


@operation(may="platform.manage_teams", journal=_("Changed the team %(subject)s"))
def change_team(
    *,
    by: Actor,
    team_id: UUID,
    name: str,
    parent_id: UUID | None,
    lead_id: UUID | None,
    at: datetime,
    version: int | None = None,
) -> TeamChanged | None:
    """Rename a team, move it below another, give it a lead; nothing different records nothing."""
    team = _locked(team_id)
    if version is not None and version != team.version:
        raise StaleVersion
    before = {"name": team.name, "parent": str(team.parent or ""), "lead": str(team.lead or "")}
    people = names_of_people([lead_id] if lead_id and lead_id != team.lead_id else [], active=True)
    team.name, team.parent = _name(name), _parent(parent_id, team)
    lead = before["lead"] if lead_id == team.lead_id else people.get(lead_id, "") if lead_id else ""
    team.lead_id = lead_id
    after = {"name": team.name, "parent": str(team.parent or ""), "lead": lead}
    changes = {what: [before[what], after[what]] for what in before if before[what] != after[what]}
    if not changes:
        return None
    _refuse_twin(team)
    team.version += 1
    team.save(update_fields=["name", "parent", "lead", "version"])
    return _told(team, changes, by=by, at=at)


@operation(may="platform.manage_teams", journal=_("Retired the team %(subject)s"))
def retire_team(*, by: Actor, team_id: UUID, at: datetime) -> TeamChanged:
    """Close a team: its people leave it today, its past stays."""
    team = _locked(team_id)
    used = fetch(
        "SELECT EXISTS (SELECT 1 FROM platform_team WHERE parent_id = %(id)s AND retired_at IS NULL) "
        "OR EXISTS (SELECT 1 FROM platform_recordrule WHERE team_id = %(id)s AND retired_at IS NULL) "
        "OR EXISTS (SELECT 1 FROM platform_fieldrule WHERE team_id = %(id)s AND retired_at IS NULL)",
        {"id": team_id},
    )[0][0]
    if used:
        raise TeamInUse
    today = at.astimezone(by.tzinfo).date()
    Membership.objects.filter(team=team, until=None, since__lte=today).update(until=today)
    Membership.objects.filter(team=team, until=None).delete()
    team.retired_at = at
    team.version += 1
    team.save(update_fields=["retired_at", "version"])
    return _told(team, {"retired": ["", "yes"]}, by=by, at=at)


@operation(may="platform.manage_teams", journal=_("Changed who is in the team %(subject)s"))
def change_members(
    *, by: Actor, team_id: UUID, at: datetime, join: Sequence[UUID] = (), leave: Sequence[UUID] = (), since: date | None = None
) -> TeamMembersChanged:
    """People join a team from a day on (today by itself) or leave it today; who is in already stays."""
    team = _locked(team_id)
    today = at.astimezone(by.tzinfo).date()
    people = names_of_people(join, active=True)
    inside = set(Membership.objects.filter(team=team, person__in=join, until=None).values_list("person_id", flat=True))
    coming = [one for one in dict.fromkeys(join) if one not in inside]
    Membership.objects.bulk_create([Membership(team=team, person_id=one, since=since or today) for one in coming])
    going = Membership.objects.filter(team=team, person__in=leave, until=None)
    gone = sorted({one.person_id for one in going})
    going.filter(since__gte=today).delete()
    going.update(until=today - timedelta(days=1))
    left = names_of_people(gone)
    fact = TeamMembersChanged(team_id=team_id, at=at, joined=[people[one] for one in coming], left=[left[one] for one in gone])
    if coming or gone:
        record([fact], by=by)
    return fact


@operation(may="platform.manage_teams", journal=_("Changed the branches of a person"))
def choose_units(*, by: Actor, person_id: UUID, kind: str, unit_ids: Sequence[UUID], at: datetime) -> UnitsChanged:
    """Say which units (branches) a person belongs to; all others are taken away."""
    known = next((one for one in unit_kinds() if one.name == kind), None)
    if known is None or not User.objects.filter(pk=person_id).exists():
        raise NotFound
    titles = dict(known.options())
    strangers = [str(one) for one in unit_ids if str(one) not in titles]
    if strangers:
        raise Invalid({"units": str(_("Unknown: %(names)s.") % {"names": ", ".join(strangers)})})
    held = UnitMember.objects.filter(person=person_id, kind=kind)
    before = set(held.values_list("unit_id", flat=True))
    held.exclude(unit_id__in=unit_ids).delete()
    new = [one for one in dict.fromkeys(unit_ids) if one not in before]
    UnitMember.objects.bulk_create([UnitMember(person_id=person_id, kind=kind, unit_id=one) for one in new])
    fact = UnitsChanged(user_id=person_id, at=at, kind=kind, units=[titles[str(one)] for one in unit_ids])
    if new or before != set(unit_ids):
        record([fact], by=by)
    return fact


def _locked(team_id: UUID) -> Team:
    team = (
        Team.objects.select_for_update(of=("self",)).select_related("lead", "parent").filter(pk=team_id, retired_at=None).first()
    )
    if team is None:
        raise NotFound
    return team


def _name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise Invalid({"name": str(_("A team needs a name."))})
    return clean[:120]


def _parent(parent_id: UUID | None, team: Team | None) -> Team | None:
    """The team to be inside of, which must not be inside this one."""
    if parent_id is None:
        return None
    parent = Team.objects.filter(pk=parent_id, retired_at=None).first()
    if parent is None:
        raise Invalid({"parent": str(_("There is no such team."))})
    above: Team | None = parent
    while above is not None:
        if team is not None and above.pk == team.pk:
            raise TeamInsideItself
        above = above.parent
    return parent


def _refuse_twin(team: Team) -> None:
    twins = Team.objects.filter(name__iexact=team.name, parent=team.parent, retired_at=None).exclude(pk=team.pk)
    if twins.exists():
        raise TeamExists(name=team.name)


def _told(team: Team, changes: dict[str, list[str]], *, by: Actor, at: datetime) -> TeamChanged:
    fact = TeamChanged(team_id=team.pk, at=at, name=team.name, changes=changes)
    record([fact], by=by)
    return fact
