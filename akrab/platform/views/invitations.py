"""Invitations: an administrator makes and withdraws them, the invited person accepts."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.actor import SYSTEM
from akrab.platform.forms import AcceptForm, InvitationForm
from akrab.platform.operations.inviting import accept_invitation, invite, renew_invitation, withdraw_invitation
from akrab.platform.operations.signing_in import hashed
from akrab.platform.operations.throttling import note_link_try
from akrab.platform.queries.people import all_users
from akrab.platform.queries.signing import get_open_invitation
from akrab.platform.refusal import Invalid, NotFound, Refusal
from akrab.platform.views.arriving import address_of, come_in
from akrab.platform.web import Request, page, redirect, toast


def new(request: Request) -> HttpResponse:
    all_users(by=request.actor)
    return page(request, "platform/invitation_new.html", form=InvitationForm(), has_mail=bool(settings.MAIL_URL))


def create(request: Request) -> HttpResponse:
    """Mail goes out by itself; without a mail server the link is on this page, once."""
    form = InvitationForm(request.POST)
    if form.is_valid():
        given = {"language": request.actor.language, "site": site_of(request), **form.cleaned_data}
        try:
            token, fact = invite(by=request.actor, at=now(), **given)
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            if not settings.MAIL_URL:
                return _link(request, fact.email, token)
            toast(request, _("The invitation is on its way to %(email)s.") % {"email": fact.email})
            return redirect(request, "platform:users")
    return page(request, "platform/invitation_new.html", status=422, form=form, has_mail=bool(settings.MAIL_URL))


def create_link(request: Request, invitation_id: UUID) -> HttpResponse:
    token, invitation = renew_invitation(by=request.actor, invitation_id=invitation_id, at=now())
    return _link(request, invitation.email, token)


def destroy(request: Request, invitation_id: UUID) -> HttpResponse:
    withdraw_invitation(by=request.actor, invitation_id=invitation_id, at=now())
    toast(request, _("The invitation is withdrawn."))
    return redirect(request, "platform:users")


def show(request: Request, token: str) -> HttpResponse:
    return _acceptance(request, token, None)


def accept(request: Request, token: str) -> HttpResponse:
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _acceptance(request, token, form, status=422)
    try:
        note_link_try(by=SYSTEM, address=address_of(request), at=now())
        fact = accept_invitation(by=SYSTEM, token=token, address=address_of(request), at=now(), **form.cleaned_data)
    except Refusal as refusal:
        said = refusal.errors.get("password", "") if isinstance(refusal, Invalid) else ""
        form.add_error("password" if said else None, said or str(refusal))
        return _acceptance(request, token, form, status=refusal.status)
    return come_in(request, fact, "/")


def site_of(request: Request) -> str:
    """The address under which people reach us, for links in mails."""
    return settings.PUBLIC_URL.rstrip("/") or request.build_absolute_uri("/").rstrip("/")


def _link(request: Request, email: str, token: str) -> HttpResponse:
    address = site_of(request) + reverse("platform:invitation", args=[token])
    return page(request, "platform/invitation_link.html", email=email, address=address)


def _acceptance(request: Request, token: str, form: AcceptForm | None, status: int = 200) -> HttpResponse:
    try:
        invitation = get_open_invitation(by=SYSTEM, token_hash=hashed(token))
    except NotFound:
        return page(request, "platform/invitation.html", status=410, invitation=None)
    form = form or AcceptForm(initial={"name": invitation.name})
    return page(request, "platform/invitation.html", status=status, invitation=invitation, form=form)
