"""Purposes of using data, each with its legal basis and its wordings."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.customers.forms import PurposeForm
from akrab.customers.operations.purposing import add_wording, save_purpose
from akrab.customers.queries.consents import purposes, wordings
from akrab.customers.views.privacy import MAY, tabs
from akrab.platform.operation import require
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    require(request.actor, MAY)
    return _page(request, PurposeForm(initial={"is_active": True}))


def create(request: Request) -> HttpResponse:
    require(request.actor, MAY)
    form = PurposeForm(request.POST)
    if form.is_valid():
        save_purpose(by=request.actor, at=now(), **form.cleaned_data)
        toast(request, _("Saved."))
        return redirect(request, "customers:purposes")
    return _page(request, form, status=422)


def add(request: Request, code: str) -> HttpResponse:
    """The next version of a wording."""
    texts = {"id": request.POST.get("text_id", ""), "en": request.POST.get("text_en", "")}
    add_wording(by=request.actor, purpose=code, texts=texts, at=now())
    toast(request, _("The new wording is in force."))
    return redirect(request, "customers:purposes")


def _page(request: Request, form: PurposeForm, *, status: int = 200) -> HttpResponse:
    texts = wordings(by=request.actor)
    lines = [
        (one, [text for text in texts if text.purpose_id == one.pk]) for one in purposes(by=request.actor, only_active=False)
    ]
    return page(request, "customers/purposes.html", status=status, lines=lines, form=form, tabs=tabs())
