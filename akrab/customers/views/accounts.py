"""Who works for a customer: a panel to look, take, assign, and add people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now

from akrab.customers.forms import AccountMemberForm, AssignmentForm
from akrab.customers.operations.assigning import (
    assign_customers,
    hand_over_customers,
    join_accounts,
    leave_accounts,
    take_customers,
)
from akrab.customers.queries.accounts import account_of
from akrab.customers.queries.figures import held_by
from akrab.customers.queries.profiles import may_edit
from akrab.platform.operation import require
from akrab.platform.queries.organization import active_people, all_teams
from akrab.platform.web import Request, answer, fragment, redirect


def show(request: Request, customer_id: UUID) -> HttpResponse:
    return fragment(request, "customers.account", **_shown(request, customer_id))


def update(request: Request, customer_id: UUID) -> HttpResponse:
    """Assign: owner, office, and what becomes of shares."""
    form = AssignmentForm(request.POST, **_choices(request))
    if not form.is_valid():
        return fragment(request, "customers.account", status=422, **_shown(request, customer_id))
    clean = form.cleaned_data
    change = {name: UUID(clean[name]) if clean[name] else None for name in ("owner", "team")}
    assign_customers(by=request.actor, customer_ids=[customer_id], change=change, at=now(), keep_shares=clean["keep_shares"])
    return _answer(request, customer_id)


def take(request: Request, customer_id: UUID) -> HttpResponse:
    take_customers(by=request.actor, customer_ids=[customer_id], at=now())
    return _answer(request, customer_id)


def join(request: Request, customer_id: UUID) -> HttpResponse:
    form = AccountMemberForm(request.POST, people=_choices(request)["people"])
    if not form.is_valid():
        return fragment(request, "customers.account", status=422, **_shown(request, customer_id))
    person, role = UUID(form.cleaned_data["person"]), form.cleaned_data["role"]
    join_accounts(by=request.actor, customer_ids=[customer_id], person_id=person, role=role, at=now())
    return _answer(request, customer_id)


def leave(request: Request, customer_id: UUID, person_id: UUID) -> HttpResponse:
    leave_accounts(by=request.actor, customer_ids=[customer_id], person_id=person_id, at=now())
    return _answer(request, customer_id)


def holdings(request: Request, user_id: UUID) -> HttpResponse:
    """What a person owns, to be handed over to somebody else."""
    require(request.actor, "customers.assign_customers")
    people = [(str(one), name) for one, name in active_people(by=request.actor) if one != user_id]
    number = held_by(by=request.actor, person_id=user_id)
    return fragment(request, "customers.holdings", held=number, people=people, user_id=user_id)


def hand_over(request: Request, user_id: UUID) -> HttpResponse:
    hand_over_customers(by=request.actor, from_id=user_id, to_id=UUID(request.POST.get("to", "")), at=now())
    return redirect(request, "platform:user", user_id)


def _answer(request: Request, customer_id: UUID) -> HttpResponse:
    to = reverse("customers:show", args=[customer_id])
    return answer(request, "customers.account", to=to, **_shown(request, customer_id))


def _choices(request: Request) -> dict[str, Any]:
    teams = [(one.id, one.name) for one in all_teams(by=request.actor, on=localdate())]
    return {"people": active_people(by=request.actor), "teams": teams}


def _shown(request: Request, customer_id: UUID) -> dict[str, Any]:
    account = account_of(by=request.actor, customer_id=customer_id, at=now())
    edits = may_edit(by=request.actor, customer_id=customer_id)
    assigns = edits and request.actor.may("customers.assign_customers")
    choices = _choices(request) if assigns else {"people": [], "teams": []}
    values = {
        "owner": str(account.customer.owner_id or ""), "team": str(account.customer.team_id or ""), "keep_shares": True,
    }  # fmt: skip
    return {
        "account": account,
        "customer_id": customer_id,
        "may_take": edits and not account.owner and request.actor.kind == "person",
        "may_assign": assigns,
        "form": AssignmentForm(initial=values, **choices),
        "member_form": AccountMemberForm(people=choices["people"]),
    }
