"""Forgotten passwords: asking for a link, making it, using it once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import PasswordReset, User
from akrab.platform.operation import operation
from akrab.platform.operations.sessions import end_all
from akrab.platform.operations.signing_in import first_proof, hashed
from akrab.platform.operations.users import set_password
from akrab.platform.people_facts import PasswordChanged, SignedIn
from akrab.platform.refusal import NotFound, Refusal
from akrab.platform.sign_in_facts import PasswordResetAsked, SecondFactorAsked

LASTS = timedelta(hours=1)


class ResetLinkClosed(Refusal):
    code = "reset_link_closed"
    status = 410
    message = _("This link has been used or has expired. Ask for a new one.")


@operation(may="platform.check_sign_in")
def ask_for_reset(*, by: Actor, email: str, address: str, at: datetime, site: str = "") -> PasswordResetAsked | None:
    """Somebody forgot a password; the mail is written by a job, so that the answer is the same for every address."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        return None
    fact = PasswordResetAsked(user_id=user.pk, at=at, address=address, site=site)
    record([fact], by=by)
    return fact


@operation(may="platform.check_sign_in")
def make_reset_link(*, by: Actor, user_id: UUID, at: datetime) -> tuple[str, User]:
    """The token for a mail; earlier links of the person stop working."""
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound
    PasswordReset.objects.filter(user=user).delete()
    token = secrets.token_urlsafe(32)
    PasswordReset.objects.create(user=user, token_hash=hashed(token), created_at=at, expires_at=at + LASTS)
    return token, user


@operation(may="platform.check_sign_in")
def reset_password(*, by: Actor, token: str, new: str, address: str, at: datetime) -> SignedIn | SecondFactorAsked:
    """Set the password and sign out everywhere else; a second factor is still asked for."""
    resets = PasswordReset.objects.select_for_update(of=("self",)).select_related("user")
    reset = resets.filter(token_hash=hashed(token), used_at=None, expires_at__gt=at, user__is_active=True).first()
    if reset is None:
        raise ResetLinkClosed
    reset.used_at = at
    reset.save(update_fields=["used_at"])
    set_password(reset.user, new)
    reset.user.save(update_fields=["password"])
    end_all(reset.user, by=by, at=at)
    record([PasswordChanged(user_id=reset.user.pk, at=at)], by=by)
    return first_proof(reset.user, by=by, at=at, method="reset", address=address)
