"""The second factor after a right password: a code of the app, a recovery code, or a passkey."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM
from akrab.platform.forms import CodeForm
from akrab.platform.operations.signing_in import pass_second_factor
from akrab.platform.operations.throttling import note_code_try
from akrab.platform.queries.signing import factors_of
from akrab.platform.refusal import Refusal
from akrab.platform.views.arriving import address_of, come_in, failed, pending
from akrab.platform.web import Request, page, redirect


def show(request: Request) -> HttpResponse:
    return _page(request, CodeForm()) if pending(request) else redirect(request, "platform:session")


def create(request: Request) -> HttpResponse:
    first, form = pending(request), CodeForm(request.POST)
    if first is None:
        return redirect(request, "platform:session")
    if form.is_valid():
        who = {"user_id": first["user_id"], "address": address_of(request), "at": now()}
        try:
            note_code_try(by=SYSTEM, **who)
            fact = pass_second_factor(by=SYSTEM, code=form.cleaned_data["code"], method=first["method"], **who)
        except Refusal as refusal:
            failed(request, refusal, "code", user_id=first["user_id"])
            form.add_error("code", str(refusal))
            form.forget()
        else:
            return come_in(request, fact, first["next"])
    return _page(request, form, status=422)


def _page(request: Request, form: CodeForm, status: int = 200) -> HttpResponse:
    first = pending(request)
    factors = factors_of(by=SYSTEM, user_id=first["user_id"]) if first else None
    return page(request, "platform/second_factor.html", status=status, form=form, factors=factors)
