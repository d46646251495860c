"""Proposals of agents: seen, approved, declined; which tools agents have, and what they asked for."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.agents.calling import chosen_tools
from akrab.platform.agents.tools import all_tools
from akrab.platform.operation import require
from akrab.platform.operations.proposals import approve_proposal, choose_tools, decline_proposal
from akrab.platform.queries.proposals import list_proposals, recent_calls
from akrab.platform.web import Request, page, redirect, toast

STATUSES = ("open", "approved", "declined")


def index(request: Request) -> HttpResponse:
    status = request.GET.get("status", "open")
    status = status if status in STATUSES else "open"
    tabs = [
        {"key": "open", "title": _("Open"), "url": "?status=open"},
        {"key": "approved", "title": _("Approved"), "url": "?status=approved"},
        {"key": "declined", "title": _("Declined"), "url": "?status=declined"},
    ]
    lines = list_proposals(by=request.actor, status=status)
    return page(request, "platform/proposals.html", lines=lines, status_shown=status, tabs=tabs)


def approve(request: Request, proposal_id: UUID) -> HttpResponse:
    proposal = approve_proposal(by=request.actor, proposal_id=proposal_id, at=now())
    toast(request, _("Done, in your name. You can undo it under Changes.") if proposal.entry_id else _("Done, in your name."))
    return redirect(request, "platform:proposals")


def decline(request: Request, proposal_id: UUID) -> HttpResponse:
    decline_proposal(by=request.actor, proposal_id=proposal_id, at=now())
    toast(request, _("Declined. Nothing was changed."))
    return redirect(request, "platform:proposals")


def agents(request: Request) -> HttpResponse:
    require(request.actor, "platform.manage_agents")
    chosen = chosen_tools()
    tools = [(one, one.name in chosen) for one in all_tools().values()]
    return page(request, "platform/agents.html", tools=tools, calls=recent_calls(by=request.actor))


def update_agents(request: Request) -> HttpResponse:
    choose_tools(by=request.actor, tools=request.POST.getlist("tools"), at=now())
    toast(request, _("Saved."), tone="success")
    return redirect(request, "platform:agents")
