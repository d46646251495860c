"""Branches: places of sale with their zone and channel."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.commerce.forms import BranchForm, NewBranchForm
from akrab.commerce.models import Branch
from akrab.commerce.operations.opening import open_branches
from akrab.commerce.operations.revising import revise_branch
from akrab.commerce.queries.shelves import all_branches, get_place
from akrab.platform.operation import require
from akrab.platform.refusal import Forbidden, NotFound, Refusal
from akrab.platform.web import Request, page, redirect, toast

EDIT = "commerce.edit_branches"


def index(request: Request) -> HttpResponse:
    return page(request, "commerce/branches.html", branches=all_branches(by=request.actor), may_edit=request.actor.may(EDIT))


def new(request: Request) -> HttpResponse:
    require(request.actor, EDIT)
    return page(request, "commerce/branch_new.html", form=NewBranchForm(initial={"zone": settings.TIME_ZONE}))


def create(request: Request) -> HttpResponse:
    require(request.actor, EDIT)
    form = NewBranchForm(request.POST)
    if form.is_valid():
        clean = form.cleaned_data
        made = open_branches(
            by=request.actor,
            codes=[clean["code"].strip()],
            at=now(),
            zone=clean["zone"],
            channel=clean["channel"],
            name=clean["name"],
            city=clean["city"],
        )
        if made:
            toast(request, _("The branch is open."), undo=True)
            return redirect(request, "commerce:branches")
        form.add_error("code", _("There is already a branch with this code."))
    return page(request, "commerce/branch_new.html", status=422, form=form)


def show(request: Request, branch_id: UUID) -> HttpResponse:
    branch = get_place(by=request.actor, branch_id=branch_id)
    fields = ("name", "channel", "zone", "city", "is_active", "version")
    return _page(request, branch, BranchForm(initial={name: getattr(branch, name) for name in fields}))


def update(request: Request, branch_id: UUID) -> HttpResponse:
    form = BranchForm(request.POST)
    if form.is_valid():
        changes = dict(form.cleaned_data)
        version = changes.pop("version")
        try:
            revise_branch(by=request.actor, branch_id=branch_id, changes=changes, version=version, at=now())
        except (Forbidden, NotFound):
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."), undo=True)
            return redirect(request, "commerce:branches")
    return _page(request, get_place(by=request.actor, branch_id=branch_id), form, status=422)


def _page(request: Request, branch: Branch, form: BranchForm, *, status: int = 200) -> HttpResponse:
    return page(request, "commerce/branch.html", status=status, branch=branch, form=form, may_edit=request.actor.may(EDIT))
