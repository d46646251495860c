"""Your session: shown as the sign-in form, created by signing in, deleted by signing out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import logout
from django.http import HttpResponse
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM
from akrab.platform.forms import SignInForm
from akrab.platform.operations.sessions import forget
from akrab.platform.operations.signing_in import hashed, sign_in, use_sign_in_link
from akrab.platform.operations.throttling import note_link_try, note_try
from akrab.platform.queries.people import link_is_open
from akrab.platform.queries.sign_in_rules import single_sign_on
from akrab.platform.refusal import Refusal
from akrab.platform.views.arriving import PENDING, address_of, come_in, failed, way_back
from akrab.platform.web import Request, page, redirect


def show(request: Request) -> HttpResponse:
    if request.actor.id:
        return redirect(request, "/")
    if PENDING in request.session:
        del request.session[PENDING]
    return _page(request, form=SignInForm(), next=way_back(request, request.GET.get("next")))


def create(request: Request) -> HttpResponse:
    form = SignInForm(request.POST)
    back = way_back(request, request.POST.get("next"))
    if form.is_valid():
        given, address = form.cleaned_data, address_of(request)
        try:
            note_try(by=SYSTEM, email=given["email"], address=address, at=now())
            fact = sign_in(by=SYSTEM, email=given["email"], password=given["password"], address=address, at=now())
        except Refusal as refusal:
            failed(request, refusal, "password", email=given["email"])
            form.add_error(None, str(refusal))
        else:
            return come_in(request, fact, back)
    return _page(request, status=422, form=form, next=back)


def destroy(request: Request) -> HttpResponse:
    forget([str(request.session.session_key)])
    logout(request)
    return redirect(request, "platform:session")


def show_link(request: Request, token: str) -> HttpResponse:
    """The link's page; opening it changes nothing, so that mail scanners cannot use it up."""
    is_open = link_is_open(by=SYSTEM, token_hash=hashed(token))
    return page(request, "platform/sign_in_link.html", status=200 if is_open else 410, is_open=is_open)


def use_link(request: Request, token: str) -> HttpResponse:
    address = address_of(request)
    try:
        note_link_try(by=SYSTEM, address=address, at=now())
        fact = use_sign_in_link(by=SYSTEM, token=token, address=address, at=now())
    except Refusal as refusal:
        return page(request, "platform/sign_in_link.html", status=refusal.status, is_open=False, problem=str(refusal))
    return come_in(request, fact, "/")


def _page(request: Request, *, status: int = 200, **context: Any) -> HttpResponse:
    return page(request, "platform/sign_in.html", status=status, provider=single_sign_on(), **context)
