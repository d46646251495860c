"""The rules of signing in, for administrators: who needs a second factor, and the company's sign-in provider."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.forms import ProviderForm, TwoFactorForm
from akrab.platform.operations.sign_in_rules import remove_provider, require_two_factor, set_provider
from akrab.platform.queries.sign_in_rules import rules
from akrab.platform.refusal import Invalid, Refusal
from akrab.platform.views.invitations import site_of
from akrab.platform.web import Request, page, redirect, toast


def show(request: Request) -> HttpResponse:
    return _page(request)


def update_roles(request: Request) -> HttpResponse:
    form = TwoFactorForm(request.POST)
    if form.is_valid():
        try:
            require_two_factor(by=request.actor, roles=form.cleaned_data["roles"], at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect(request, "platform:sign_in_rules")
    return _page(request, status=422, role_form=form)


def update_provider(request: Request) -> HttpResponse:
    form = ProviderForm(request.POST)
    if form.is_valid():
        try:
            set_provider(by=request.actor, at=now(), **form.cleaned_data)
        except Invalid as refusal:
            for name, said in refusal.errors.items():
                form.add_error(name, said)
        else:
            toast(request, _("Saved."))
            return redirect(request, "platform:sign_in_rules")
    return _page(request, status=422, provider_form=form)


def destroy_provider(request: Request) -> HttpResponse:
    remove_provider(by=request.actor, at=now())
    toast(request, _("The sign-in provider is removed."))
    return redirect(request, "platform:sign_in_rules")


def _page(request: Request, *, status: int = 200, **forms: Any) -> HttpResponse:
    roles, provider = rules(by=request.actor)
    known = (
        {name: getattr(provider, name) for name in ("name", "address", "client_id", "role", "trusts_addresses")}
        if provider
        else {}
    )
    known["domains"] = ", ".join(provider.domains) if provider else ""
    shown: dict[str, Any] = {
        "role_form": TwoFactorForm(initial={"roles": roles}),
        "provider_form": ProviderForm(initial=known),
        **forms,
    }
    answer = site_of(request) + reverse("platform:provider_answer")
    return page(request, "platform/sign_in_rules.html", status=status, provider=provider, answer=answer, **shown)
