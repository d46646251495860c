"""What waits for the reader's word: approvals and handovers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.collaboration.operations.approving import decide, withdraw
from akrab.collaboration.operations.handing_over import answer_handover
from akrab.collaboration.queries.approvals import asked_by_me, handovers_to_me, waiting_for_me
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    return page(
        request,
        "collaboration/approvals.html",
        waiting=waiting_for_me(by=request.actor, at=now()),
        asked=asked_by_me(by=request.actor),
        handovers=handovers_to_me(by=request.actor),
    )


def create(request: Request, request_id: UUID) -> HttpResponse:
    """A decision: approved or rejected, with a note."""
    is_approved = request.POST.get("decision") == "approve"
    decide(by=request.actor, request_id=request_id, is_approved=is_approved, note=request.POST.get("note", ""), at=now())
    toast(request, _("Your decision is kept."))
    return redirect(request, "collaboration:approvals")


def destroy(request: Request, request_id: UUID) -> HttpResponse:
    withdraw(by=request.actor, request_id=request_id, at=now())
    toast(request, _("Withdrawn."))
    return redirect(request, "collaboration:approvals")


def answer(request: Request, handover_id: UUID) -> HttpResponse:
    done = [int(one) for one in request.POST.getlist("done") if one.isdigit()]
    answer_handover(
        by=request.actor,
        handover_id=handover_id,
        is_accepted=request.POST.get("answer") == "accept",
        reason=request.POST.get("reason", ""),
        done=done,
        at=now(),
    )
    toast(request, _("Saved."))
    return redirect(request, "collaboration:approvals")
