"""Forgotten passwords: ask for a link by mail, and use it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM
from akrab.platform.forms import AddressForm, NewPasswordForm
from akrab.platform.operations.resetting_passwords import ask_for_reset, reset_password
from akrab.platform.operations.signing_in import hashed
from akrab.platform.operations.throttling import note_link_try, note_reset_try
from akrab.platform.queries.signing import reset_is_open
from akrab.platform.refusal import Invalid, Refusal
from akrab.platform.views.arriving import address_of, come_in
from akrab.platform.views.invitations import site_of
from akrab.platform.web import Request, page


def new(request: Request) -> HttpResponse:
    return page(request, "platform/reset_new.html", form=AddressForm(), has_mail=bool(settings.MAIL_URL))


def create(request: Request) -> HttpResponse:
    """The same answer for every address, known or not."""
    form = AddressForm(request.POST)
    if form.is_valid() and settings.MAIL_URL:
        asked = {"email": form.cleaned_data["email"], "address": address_of(request), "at": now()}
        try:
            note_reset_try(by=SYSTEM, **asked)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            ask_for_reset(by=SYSTEM, site=site_of(request), **asked)
            return page(request, "platform/reset_asked.html", email=asked["email"])
    return page(request, "platform/reset_new.html", status=422, form=form, has_mail=bool(settings.MAIL_URL))


def show(request: Request, token: str) -> HttpResponse:
    return _page(request, token, NewPasswordForm())


def update(request: Request, token: str) -> HttpResponse:
    form = NewPasswordForm(request.POST)
    if not form.is_valid():
        return _page(request, token, form, status=422)
    try:
        note_link_try(by=SYSTEM, address=address_of(request), at=now())
        given = {"token": token, "new": form.cleaned_data["new"], "address": address_of(request)}
        fact = reset_password(by=SYSTEM, at=now(), **given)
    except Refusal as refusal:
        said = refusal.errors.get("password", "") if isinstance(refusal, Invalid) else ""
        form.add_error("new" if said else None, said or str(refusal))
        return _page(request, token, form, status=refusal.status)
    return come_in(request, fact, "/")


def _page(request: Request, token: str, form: NewPasswordForm, status: int = 200) -> HttpResponse:
    is_open = reset_is_open(by=SYSTEM, token_hash=hashed(token))
    return page(request, "platform/reset.html", status=status if is_open else 410, form=form, is_open=is_open)
