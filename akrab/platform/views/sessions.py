"""Your session: shown as the sign-in form, created by signing in, deleted by signing out."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth import login, logout
from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM
from akrab.platform.forms import SignInForm
from akrab.platform.models import User
from akrab.platform.operations.signing_in import hashed, note_try, sign_in, use_sign_in_link
from akrab.platform.queries.people import link_is_open
from akrab.platform.refusal import Refusal
from akrab.platform.web import Request, page, redirect

BACKEND = "django.contrib.auth.backends.ModelBackend"


def show(request: Request) -> HttpResponse:
    if request.actor.id:
        return redirect(request, "/")
    return page(request, "platform/sign_in.html", form=SignInForm(), next=way_back(request, request.GET.get("next")))


def create(request: Request) -> HttpResponse:
    form = SignInForm(request.POST)
    back = way_back(request, request.POST.get("next"))
    if form.is_valid():
        given, address = form.cleaned_data, request.META.get("REMOTE_ADDR", "")
        try:
            note_try(by=SYSTEM, email=given["email"], address=address, at=now())
            fact = sign_in(by=SYSTEM, email=given["email"], password=given["password"], address=address, at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _come_in(request, fact.user_id, back)
    return page(request, "platform/sign_in.html", status=422, form=form, next=back)


def destroy(request: Request) -> HttpResponse:
    logout(request)
    return redirect(request, "platform:session")


def show_link(request: Request, token: str) -> HttpResponse:
    """The link's page; opening it changes nothing, so that mail scanners cannot use it up."""
    is_open = link_is_open(by=SYSTEM, token_hash=hashed(token))
    return page(request, "platform/sign_in_link.html", status=200 if is_open else 410, is_open=is_open)


def use_link(request: Request, token: str) -> HttpResponse:
    address = request.META.get("REMOTE_ADDR", "")
    try:
        fact = use_sign_in_link(by=SYSTEM, token=token, address=address, at=now())
    except Refusal as refusal:
        return page(request, "platform/sign_in_link.html", status=refusal.status, is_open=False)
    return _come_in(request, fact.user_id, "/")


def way_back(request: Request, address: str | None) -> str:
    """Where to go after signing in; only to an address of ours, in full or from the root."""
    safe = url_has_allowed_host_and_scheme(address or "", allowed_hosts={request.get_host()})
    return address if address and safe and "/" in address else "/"


def _come_in(request: Request, user_id: UUID, back: str) -> HttpResponse:
    login(request, User.objects.get(pk=user_id), backend=BACKEND)
    return redirect(request, back)
