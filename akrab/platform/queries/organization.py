"""Teams and the people in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.models import Membership, Team, UnitMember, User
from akrab.platform.operation import require
from akrab.platform.refusal import Invalid, NotFound


@dataclass(slots=True)
class TeamLine:
    """A team in its tree; `depth` says how far inside, `people` how many are in it today."""

    id: UUID
    name: str
    depth: int
    parent_id: UUID | None
    lead_id: UUID | None
    lead: str
    people: int
    members: list[str] = field(default_factory=list)


def all_teams(*, by: Actor, on: date) -> list[TeamLine]:
    """The teams that are not retired, each above those inside it, with today's members."""
    require(by, "platform.view_people")
    teams = list(Team.objects.filter(retired_at=None).select_related("lead").order_by("name", "pk"))
    open_ones = Membership.objects.filter(since__lte=on).exclude(until__lt=on).select_related("person")
    members: dict[UUID, list[str]] = {}
    for each in open_ones.order_by("person__name", "person__email"):
        members.setdefault(each.team_id, []).append(str(each.person))
    inside: dict[UUID | None, list[Team]] = {}
    known = {one.pk for one in teams}
    for one in teams:
        inside.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)
    found: list[TeamLine] = []

    def walk(parent: UUID | None, depth: int) -> None:
        for one in inside.get(parent, ()):
            names = members.get(one.pk, [])
            lead = str(one.lead) if one.lead else ""
            found.append(TeamLine(one.pk, one.name, depth, one.parent_id, one.lead_id, lead, len(names), names))
            walk(one.pk, depth + 1)

    walk(None, 0)
    return found


def get_team(*, by: Actor, team_id: UUID) -> Team:
    """One team with its lead and parent."""
    require(by, "platform.view_people")
    team = Team.objects.select_related("lead", "parent").filter(pk=team_id).first()
    if team is None:
        raise NotFound
    return team


def memberships_of(*, by: Actor, team_id: UUID) -> list[Membership]:
    """Everybody who is or was in a team, those of today first."""
    require(by, "platform.view_people")
    rows = Membership.objects.filter(team=team_id).select_related("person")
    return sorted(rows, key=lambda one: (one.until is not None, str(one.person).lower(), one.since))


def teams_of_people(*, by: Actor, on: date) -> dict[UUID, list[str]]:
    """The teams of each person on a day."""
    require(by, "platform.view_people")
    rows = Membership.objects.filter(since__lte=on, team__retired_at=None).exclude(until__lt=on).select_related("team")
    found: dict[UUID, list[str]] = {}
    for one in rows.order_by("team__name"):
        found.setdefault(one.person_id, []).append(one.team.name)
    return found


def active_people(*, by: Actor) -> list[tuple[UUID, str]]:
    """People who may be given something, by name."""
    require(by, "platform.view_people")
    people = User.objects.filter(is_active=True)
    return sorted(((one.pk, str(one)) for one in people), key=lambda one: (one[1].lower(), one[0]))


def units_of(*, by: Actor, person_id: UUID) -> dict[str, list[str]]:
    """The units of a person by kind."""
    require(by, "platform.view_people")
    found: dict[str, list[str]] = {}
    for one in UnitMember.objects.filter(person=person_id).order_by("kind", "unit_id"):
        found.setdefault(one.kind, []).append(str(one.unit_id))
    return found


def names_of_people(ids: Iterable[UUID], *, active: bool = False) -> dict[UUID, str]:
    """The names of people; with `active`, each must be there and able to sign in."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    rows = fetch(
        "SELECT id, coalesce(nullif(name, ''), email), is_active FROM platform_user WHERE id = ANY(%s::uuid[])", [wanted]
    )
    found = {row[0]: row[1] for row in rows if row[2] or not active}
    if active and len(found) < len(wanted):
        raise Invalid({"person": str(_("Nobody active has this id."))})
    return found


def names_of_teams(ids: Iterable[UUID], *, active: bool = False) -> dict[UUID, str]:
    """The names of teams; with `active`, each must be there and not retired."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    rows = fetch("SELECT id, name, retired_at IS NULL FROM platform_team WHERE id = ANY(%s::uuid[])", [wanted])
    found = {row[0]: row[1] for row in rows if row[2] or not active}
    if active and len(found) < len(wanted):
        raise Invalid({"team": str(_("There is no such team."))})
    return found


def people_by_address(addresses: Sequence[str]) -> dict[str, UUID]:
    """The active people behind e-mail addresses."""
    wanted = sorted({one.strip().lower() for one in addresses if one.strip()})
    rows = fetch("SELECT email, id FROM platform_user WHERE email = ANY(%s) AND is_active", [wanted]) if wanted else []
    return {row[0]: row[1] for row in rows}
