"""Teams: their tree, and who is in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from akrab.platform.actor import Actor
from akrab.platform.operation import require
from akrab.platform.operations.organization import change_members, change_team, create_team, retire_team
from akrab.platform.policy_forms import TeamForm
from akrab.platform.queries.organization import active_people, all_teams, get_team, memberships_of
from akrab.platform.refusal import Refusal
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    teams = all_teams(by=request.actor, on=localdate())
    return page(request, "platform/teams.html", teams=teams, may_manage=request.actor.may("platform.manage_teams"))


def new(request: Request) -> HttpResponse:
    require(request.actor, "platform.manage_teams")
    return page(request, "platform/team_new.html", form=TeamForm(**team_choices(request.actor)))


def create(request: Request) -> HttpResponse:
    require(request.actor, "platform.manage_teams")
    form = TeamForm(request.POST, **team_choices(request.actor))
    if form.is_valid():
        try:
            fact = create_team(by=request.actor, at=now(), **form.chosen())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(request, "platform:team", fact.team_id)
    return page(request, "platform/team_new.html", status=422, form=form)


def show(request: Request, team_id: UUID) -> HttpResponse:
    return _show(request, team_id, None)


def update(request: Request, team_id: UUID) -> HttpResponse:
    require(request.actor, "platform.manage_teams")
    form = TeamForm(request.POST, **team_choices(request.actor))
    if form.is_valid():
        try:
            change_team(by=request.actor, team_id=team_id, at=now(), **form.chosen())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect(request, "platform:team", team_id)
    return _show(request, team_id, form)


def destroy(request: Request, team_id: UUID) -> HttpResponse:
    retire_team(by=request.actor, team_id=team_id, at=now())
    toast(request, _("The team is closed."))
    return redirect(request, "platform:teams")


def change(request: Request, team_id: UUID) -> HttpResponse:
    """People join or leave."""
    join, leave = ([UUID(one) for one in request.POST.getlist(name) if one] for name in ("join", "leave"))
    change_members(by=request.actor, team_id=team_id, at=now(), join=join, leave=leave)
    return redirect(request, "platform:team", team_id)


def team_choices(by: Actor) -> dict[str, Any]:
    """Teams and people to choose from."""
    teams = [(one.id, f"{'– ' * one.depth}{one.name}") for one in all_teams(by=by, on=localdate())]
    return {"teams": teams, "people": active_people(by=by)}


def _show(request: Request, team_id: UUID, form: TeamForm | None) -> HttpResponse:
    team = get_team(by=request.actor, team_id=team_id)
    choices = team_choices(request.actor)
    members = memberships_of(by=request.actor, team_id=team_id)
    inside = {one.person_id for one in members if one.until is None}
    values = {"name": team.name, "parent": str(team.parent_id or ""), "lead": str(team.lead_id or "")}
    return page(
        request,
        "platform/team.html",
        status=422 if form else 200,
        team=team,
        form=form or TeamForm(initial=values, **choices),
        members=members,
        others=[(str(one), name) for one, name in choices["people"] if one not in inside],
        may_manage=request.actor.may("platform.manage_teams") and team.retired_at is None,
    )
