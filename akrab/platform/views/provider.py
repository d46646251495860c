"""Signing in through the company's provider: the way there, the answer, and the session that follows."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM
from akrab.platform.operations.single_sign_on import NoProvider, sign_in_through_provider
from akrab.platform.operations.throttling import note_link_try
from akrab.platform.queries.sign_in_rules import SingleSignOn, single_sign_on
from akrab.platform.refusal import Refusal
from akrab.platform.views.arriving import address_of, come_in, way_back
from akrab.platform.web import Request, page, redirect, toast


def provider() -> Any:
    """The module that speaks OpenID Connect; loading its library costs every command time, so it comes when it is needed."""
    return import_module("akrab.platform.signing.provider")


def show(request: Request) -> HttpResponse:
    """Send the browser to the provider."""
    back = way_back(request, request.GET.get("next"))
    try:
        return HttpResponseRedirect(provider().way_there(request, _rules(), back))
    except Refusal as refusal:
        return _refused(request, refusal)


def show_answer(request: Request) -> HttpResponse:
    """The provider's answer arrives as a GET, which changes nothing: the page passes it on by itself, or by its button."""
    if "code" not in request.GET:
        return _refused(request, provider().StrangeReturn())
    given = {name: request.GET.get(name, "") for name in ("code", "state")}
    return page(request, "platform/provider_answer.html", given=given, provider=_rules())


def create(request: Request) -> HttpResponse:
    address = address_of(request)
    try:
        note_link_try(by=SYSTEM, address=address, at=now())
        claims, back = provider().person_who_returns(request, _rules())
        fact = sign_in_through_provider(by=SYSTEM, claims=claims, address=address, at=now())
    except Refusal as refusal:
        return _refused(request, refusal)
    return come_in(request, fact, way_back(request, back))


def _rules() -> SingleSignOn:
    rules = single_sign_on()
    if rules is None:
        raise NoProvider
    return rules


def _refused(request: Request, refusal: Refusal) -> HttpResponse:
    toast(request, str(refusal), tone="danger")
    return redirect(request, "platform:session")
