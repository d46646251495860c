"""Invitations: made, renewed, withdrawn, accepted."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import Invitation, User
from akrab.platform.operation import operation
from akrab.platform.operations.signing_in import hashed, signed_in
from akrab.platform.operations.users import UserExists, checked_email, create_user
from akrab.platform.people_facts import SignedIn
from akrab.platform.policy import ROLES
from akrab.platform.refusal import Invalid, NotFound, Refusal
from akrab.platform.sign_in_facts import InvitationAccepted, InvitationWithdrawn, PersonInvited

LASTS = timedelta(days=7)


class InvitationClosed(Refusal):
    code = "invitation_closed"
    status = 410
    message = _("This invitation has been used, withdrawn or has expired. Ask for a new one.")


@operation(may="platform.manage_users")
def invite(
    *, by: Actor, email: str, role: str, at: datetime, name: str = "", language: str = "", site: str = ""
) -> tuple[str, PersonInvited]:
    """Invite somebody; returns the token of the link, told once. An older open invitation stops working."""
    email = checked_email(email)
    if role not in ROLES:
        raise Invalid({"role": str(_("There is no such role."))})
    if User.objects.filter(email=email).exists():
        raise UserExists(email=email)
    Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None).update(withdrawn_at=at)
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        email=email, name=name.strip(), role=role, language=language or settings.LANGUAGE_CODE, token_hash=hashed(token),
        invited_by_id=UUID(by.id) if by.kind == "person" else None, created_at=at, expires_at=at + LASTS,
    )  # fmt: skip
    fact = PersonInvited(invitation_id=made.pk, at=at, email=email, role=role, site=site)
    record([fact], by=by)
    return token, fact


@operation(may="platform.manage_users")
def renew_invitation(*, by: Actor, invitation_id: UUID, at: datetime) -> tuple[str, Invitation]:
    """A new link for an open invitation; the one before stops working."""
    invitation = _open(at).filter(pk=invitation_id).first()
    if invitation is None:
        raise InvitationClosed
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at = hashed(token), at + LASTS
    invitation.save(update_fields=["token_hash", "expires_at"])
    return token, invitation


@operation(may="platform.manage_users")
def note_invitation_mailed(*, by: Actor, invitation_id: UUID, at: datetime) -> None:
    Invitation.objects.filter(pk=invitation_id).update(mailed_at=at)


@operation(may="platform.manage_users")
def withdraw_invitation(*, by: Actor, invitation_id: UUID, at: datetime) -> InvitationWithdrawn:
    invitation = Invitation.objects.select_for_update().filter(pk=invitation_id, accepted_at=None, withdrawn_at=None).first()
    if invitation is None:
        raise NotFound
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    fact = InvitationWithdrawn(invitation_id=invitation.pk, at=at, email=invitation.email)
    record([fact], by=by)
    return fact


@operation(may="platform.check_sign_in")
def accept_invitation(*, by: Actor, token: str, name: str, password: str, address: str, at: datetime) -> SignedIn:
    """Make the account of an invited person, who chooses name and password; of two at the same moment one wins."""
    invitation = _open(at).filter(token_hash=hashed(token)).first()
    if invitation is None or User.objects.filter(email=invitation.email).exists():
        raise InvitationClosed
    made = create_user(
        by=by, email=invitation.email, role=invitation.role, at=at, name=name, password=password,
        language=invitation.language, zone=settings.TIME_ZONE,
    )  # fmt: skip
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    record([InvitationAccepted(invitation_id=invitation.pk, user_id=made.user_id, at=at)], by=by)
    return signed_in(User.objects.get(pk=made.user_id), by=by, at=at, method="invitation", address=address)


def _open(at: datetime):  # type: ignore[no-untyped-def]
    return Invitation.objects.select_for_update().filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)
