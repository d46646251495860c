"""Signing in with a passkey, alone or as the second factor."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM
from akrab.platform.models import User
from akrab.platform.operations.second_factors import sign_in_with_passkey
from akrab.platform.operations.throttling import note_link_try
from akrab.platform.refusal import Refusal
from akrab.platform.views.arriving import address_of, come_in, failed, pending, way_back
from akrab.platform.web import Request, redirect, toast


def passkeys() -> Any:
    """The module that speaks WebAuthn; loading its library costs every command time, so it comes when it is needed."""
    return import_module("akrab.platform.signing.passkeys")


def challenge(request: Request) -> HttpResponse:
    first = pending(request)
    user = User.objects.filter(pk=first["user_id"]).first() if first else None
    return JsonResponse(passkeys().challenge_to_use(user))


def create(request: Request) -> HttpResponse:
    first, address = pending(request), address_of(request)
    user = User.objects.filter(pk=first["user_id"]).first() if first else None
    try:
        note_link_try(by=SYSTEM, address=address, at=now())
        passkey = passkeys().used(request.POST.get("credential", ""), user)
        method = f"{first['method']}+passkey" if first else "passkey"
        fact = sign_in_with_passkey(by=SYSTEM, passkey_id=passkey.pk, address=address, at=now(), method=method)
    except Refusal as refusal:
        if user:
            failed(request, refusal, "passkey", user_id=user.pk)
        toast(request, str(refusal), tone="danger")
        return redirect(request, "platform:second_factor" if user else "platform:session")
    return come_in(request, fact, first["next"] if first else way_back(request, request.POST.get("next")))
