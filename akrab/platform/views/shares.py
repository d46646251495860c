"""Shares of one record: with whom, up to what, until when; and who can see it, with the reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.policy_forms import ShareForm
from akrab.platform.queries.rules import shares_of
from akrab.platform.refusal import Refusal
from akrab.platform.rights.explaining import who_may_see
from akrab.platform.rights.limits import reachable
from akrab.platform.rights.registry import protected
from akrab.platform.rights.sharing import end_share, share_records
from akrab.platform.views.teams import team_choices
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request, object: str, record_id: UUID) -> HttpResponse:
    return _show(request, object, record_id, None)


def create(request: Request, object: str, record_id: UUID) -> HttpResponse:
    form = ShareForm(request.POST, **team_choices(request.actor))
    if form.is_valid():
        try:
            share_records(by=request.actor, object=object, record_ids=[record_id], at=now(), **form.chosen())
        except Refusal as refusal:
            if refusal.status in {403, 404}:
                raise
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Shared."))
            return redirect(request, "platform:shares", object, record_id)
    return _show(request, object, record_id, form)


def destroy(request: Request, object: str, record_id: UUID, share_id: UUID) -> HttpResponse:
    end_share(by=request.actor, share_id=share_id, at=now())
    return redirect(request, "platform:shares", object, record_id)


def _show(request: Request, name: str, record_id: UUID, form: Any) -> HttpResponse:
    what = protected(name)
    shares = shares_of(by=request.actor, object=name, record_id=record_id)
    may_share = request.actor.may("platform.share_records") and bool(reachable(request.actor, name, [record_id], "edit"))
    return page(
        request,
        "platform/shares.html",
        status=422 if form else 200,
        what=what,
        record_id=record_id,
        shares=shares,
        form=form or ShareForm(**team_choices(request.actor)),
        may_share=may_share,
        seers=who_may_see(by=request.actor, object=name, record_id=record_id),
    )
