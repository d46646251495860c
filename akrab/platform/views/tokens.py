"""Your API keys: made with scopes, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.forms import EVERYTHING, TokenForm
from akrab.platform.operations.tokens import create_token, revoke_token
from akrab.platform.queries.people import own_tokens
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    return page(request, "platform/tokens.html", tokens=own_tokens(by=request.actor), form=TokenForm())


def create(request: Request) -> HttpResponse:
    form = TokenForm(request.POST)
    secret = None
    if form.is_valid():
        given = form.cleaned_data
        expires_at = now() + timedelta(days=given["days"]) if given["days"] else None
        secret, _fact = create_token(
            by=request.actor,
            user_id=UUID(request.actor.id),
            at=now(),
            name=given["name"],
            scopes=[] if EVERYTHING in given["scopes"] else given["scopes"],
            expires_at=expires_at,
        )
        form = TokenForm()
    tokens = own_tokens(by=request.actor)
    return page(request, "platform/tokens.html", status=200 if secret else 422, tokens=tokens, form=form, secret=secret)


def destroy(request: Request, token_id: UUID) -> HttpResponse:
    revoke_token(by=request.actor, token_id=token_id, at=now())
    toast(request, _("The key no longer works."))
    return redirect(request, "platform:tokens")
