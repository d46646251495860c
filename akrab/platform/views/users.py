"""People who use Akrab, for administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from akrab.platform.forms import NewUserForm, UserForm
from akrab.platform.models import User
from akrab.platform.operations.organization import choose_units
from akrab.platform.operations.second_factors import reset_two_factor
from akrab.platform.operations.signing_in import make_sign_in_link
from akrab.platform.operations.users import change_user, create_user
from akrab.platform.panels import panels_for
from akrab.platform.queries.organization import teams_of_people, units_of
from akrab.platform.queries.people import all_users, get_user
from akrab.platform.queries.signing import factors_of, open_invitations, protected_people
from akrab.platform.refusal import Refusal
from akrab.platform.rights.registry import unit_kinds
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    teams = teams_of_people(by=request.actor, on=localdate())
    return page(
        request,
        "platform/users.html",
        users=[(one, ", ".join(teams.get(one.pk, ()))) for one in all_users(by=request.actor)],
        protected=protected_people(by=request.actor),
        invitations=open_invitations(by=request.actor),
        now=now(),
    )


def new(request: Request) -> HttpResponse:
    all_users(by=request.actor)
    return page(request, "platform/user_new.html", form=NewUserForm())


def create(request: Request) -> HttpResponse:
    form = NewUserForm(request.POST)
    if form.is_valid():
        try:
            own = {"language": request.actor.language, "zone": request.actor.zone}
            fact = create_user(by=request.actor, at=now(), **own, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            toast(request, _("The account exists. Make a sign-in link and pass it on."))
            return redirect(request, "platform:user", fact.user_id)
    return page(request, "platform/user_new.html", status=422, form=form)


def show(request: Request, user_id: UUID) -> HttpResponse:
    all_users(by=request.actor)
    user = get_user(by=request.actor, user_id=user_id)
    form = UserForm(initial={"name": user.name, "role": user.role, "is_active": user.is_active})
    return _page(request, form, user)


def update(request: Request, user_id: UUID) -> HttpResponse:
    form = UserForm(request.POST)
    if form.is_valid():
        try:
            change_user(by=request.actor, user_id=user_id, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            leaves = not form.cleaned_data["is_active"]
            return redirect(request, *(("platform:user", user_id) if leaves else ("platform:users",)))
    return _page(request, form, get_user(by=request.actor, user_id=user_id), status=422)


def create_link(request: Request, user_id: UUID) -> HttpResponse:
    """A one-time link to pass on; it is on this page once and never again."""
    person = get_user(by=request.actor, user_id=user_id)
    token, _fact = make_sign_in_link(by=request.actor, email=person.email, at=now())
    address = request.build_absolute_uri(reverse("platform:sign_in_link", args=[token]))
    return page(request, "platform/user_link.html", person=person, address=address)


def destroy_two_factor(request: Request, user_id: UUID) -> HttpResponse:
    """For somebody who lost phone and recovery codes."""
    reset_two_factor(by=request.actor, user_id=user_id, at=now())
    toast(request, _("The second factor is reset, and the person is signed out everywhere."))
    return redirect(request, "platform:user", user_id)


def update_units(request: Request, user_id: UUID, kind: str) -> HttpResponse:
    """The branches of a person."""
    known = {one for each in unit_kinds() if each.name == kind for one, _name in each.options()}
    chosen = [UUID(one) for one in request.POST.getlist("unit") if one in known]
    choose_units(by=request.actor, person_id=user_id, kind=kind, unit_ids=chosen, at=now())
    toast(request, _("Saved."))
    return redirect(request, "platform:user", user_id)


def _units(request: Request, person: User) -> list[dict[str, Any]]:
    held = units_of(by=request.actor, person_id=person.pk)
    return [
        {
            "kind": kind.name,
            "title": kind.title,
            "options": [(one, name, one in held.get(kind.name, ())) for one, name in options],
        }
        for kind in unit_kinds()
        if (options := kind.options())
    ]


def _page(request: Request, form: UserForm, person: User, status: int = 200) -> HttpResponse:
    factors = factors_of(by=request.actor, user_id=person.pk)
    panels = [
        {"title": one.title, "address": reverse(one.url, args=[person.pk])} for one in panels_for("platform.user", request.actor)
    ]
    mine = request.actor.may("platform.view_as") and person.is_active and str(person.pk) != request.actor.id
    units = _units(request, person) if request.actor.may("platform.manage_teams") else []
    shown: dict[str, Any] = {
        "units": units,
        "form": form,
        "person": person,
        "factors": factors,
        "panels": panels,
        "may_view_as": mine,
    }
    return page(request, "platform/user.html", status=status, **shown)
