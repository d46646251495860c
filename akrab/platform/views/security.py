"""Your security: second factors, recovery codes, passkeys, and where you are signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.actor import SYSTEM
from akrab.platform.forms import CodeForm, ConfirmForm
from akrab.platform.operations.second_factors import (
    add_passkey,
    make_recovery_codes,
    remove_passkey,
    turn_off_app,
    turn_on_app,
)
from akrab.platform.operations.sessions import end_other_sessions, end_session
from akrab.platform.operations.signing_in import WrongCode, prove_again
from akrab.platform.operations.throttling import note_code_try
from akrab.platform.queries.sign_in_rules import needs_second_factor
from akrab.platform.queries.signing import factors_of, places
from akrab.platform.refusal import Refusal
from akrab.platform.sealing import seal, unseal
from akrab.platform.signing.devices import device_of
from akrab.platform.signing.factors import app_address, new_app_secret, qr_picture
from akrab.platform.signing.presence import MUST_PROTECT
from akrab.platform.views.arriving import address_of, confirm, failed, is_confirmed, way_back
from akrab.platform.views.passkeys import passkeys
from akrab.platform.web import Request, page, redirect, toast

APP_SECRET = "sign_in.app_secret"  # noqa: S105
View = Callable[..., HttpResponse]


def confirmed(view: View) -> View:
    """Only for people who proved to be themselves a short while ago; others do that first."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        back = f"?{urlencode({'next': request.path})}" if request.method == "GET" else ""
        return redirect(request, reverse("platform:confirmation") + back)

    return guarded


def show(request: Request) -> HttpResponse:
    return page(
        request,
        "platform/security.html",
        factors=factors_of(by=request.actor, user_id=UUID(request.actor.id)),
        places=places(by=request.actor, here=str(request.session.session_key)),
        is_needed=needs_second_factor(request.actor.role),
    )


def show_confirmation(request: Request) -> HttpResponse:
    return page(request, "platform/confirmation.html", form=_confirm_form(request), next=request.GET.get("next", ""))


def create_confirmation(request: Request) -> HttpResponse:
    form = _confirm_form(request, request.POST)
    who = UUID(request.actor.id)
    if form.is_valid():
        try:
            note_code_try(by=SYSTEM, user_id=who, address=address_of(request), at=now())
            prove_again(by=request.actor, proof=form.cleaned_data["proof"], at=now())
        except Refusal as refusal:
            failed(request, refusal, "confirmation", user_id=who)
            form.add_error("proof", str(refusal))
        else:
            confirm(request)
            back = way_back(request, request.POST.get("next"))
            return redirect(request, "platform:security" if back == "/" else back)
    return page(request, "platform/confirmation.html", status=422, form=form, next=request.POST.get("next", ""))


@confirmed
def show_app(request: Request) -> HttpResponse:
    return _app_page(request, CodeForm())


@confirmed
def create_app(request: Request) -> HttpResponse:
    form = CodeForm(request.POST)
    kept = request.session.get(APP_SECRET)
    if kept and form.is_valid():
        try:
            _fact, codes = turn_on_app(by=request.actor, secret=unseal(kept), code=form.cleaned_data["code"], at=now())
        except WrongCode as refusal:
            form.add_error("code", str(refusal))
            form.forget()
        else:
            del request.session[APP_SECRET]
            return _protected(request, _("The app is set up."), codes)
    return _app_page(request, form, status=422)


@confirmed
def destroy_app(request: Request) -> HttpResponse:
    turn_off_app(by=request.actor, at=now())
    toast(request, _("The app is turned off."))
    return redirect(request, "platform:security")


@confirmed
def create_codes(request: Request) -> HttpResponse:
    _fact, codes = make_recovery_codes(by=request.actor, at=now())
    return page(request, "platform/recovery_codes.html", codes=codes)


@confirmed
def new_passkey(request: Request) -> HttpResponse:
    return page(request, "platform/passkey_new.html", suggestion=device_of(request.headers.get("User-Agent", "")).words)


@confirmed
def challenge(request: Request) -> HttpResponse:
    return JsonResponse(passkeys().challenge_to_make(request.user))


@confirmed
def create_passkey(request: Request) -> HttpResponse:
    try:
        credential = passkeys().made(request.POST.get("credential", ""))
    except Refusal as refusal:
        toast(request, str(refusal), tone="danger")
        return redirect(request, "platform:passkeys")
    _fact, codes = add_passkey(by=request.actor, name=request.POST.get("name", ""), credential=credential, at=now())
    return _protected(request, _("The passkey is added."), codes)


@confirmed
def destroy_passkey(request: Request, passkey_id: int) -> HttpResponse:
    remove_passkey(by=request.actor, passkey_id=passkey_id, at=now())
    toast(request, _("The passkey is removed."))
    return redirect(request, "platform:security")


def destroy_session(request: Request, session_id: int) -> HttpResponse:
    end_session(by=request.actor, session_id=session_id, at=now())
    toast(request, _("Signed out there."))
    return redirect(request, "platform:security")


def destroy_other_sessions(request: Request) -> HttpResponse:
    end_other_sessions(by=request.actor, keep=str(request.session.session_key), at=now())
    toast(request, _("Signed out everywhere but here."))
    return redirect(request, "platform:security")


def _app_page(request: Request, form: CodeForm, status: int = 200) -> HttpResponse:
    kept = request.session.get(APP_SECRET)
    secret = unseal(kept) if kept else new_app_secret()
    request.session[APP_SECRET] = kept or seal(secret)
    picture = qr_picture(app_address(request.user.email, secret))
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return page(request, "platform/app.html", status=status, form=form, picture=picture, secret=spaced)


def _protected(request: Request, words: str, codes: list[str]) -> HttpResponse:
    request.session.pop(MUST_PROTECT, None)
    toast(request, words)
    if codes:
        return page(request, "platform/recovery_codes.html", codes=codes)
    return redirect(request, "platform:security")


def _confirm_form(request: Request, given: Any = None) -> ConfirmForm:
    return ConfirmForm(given, has_password=request.user.has_usable_password())
