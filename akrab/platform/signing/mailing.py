"""Mails about signing in: invitations and password resets. Links are made here, so that no fact carries one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.platform.actor import SYSTEM
from akrab.platform.delivery import on
from akrab.platform.gateways.mail import send_mail
from akrab.platform.models import Invitation
from akrab.platform.operations.inviting import note_invitation_mailed, renew_invitation
from akrab.platform.operations.resetting_passwords import make_reset_link
from akrab.platform.refusal import Refusal
from akrab.platform.sign_in_facts import PasswordResetAsked, PersonInvited


@on(PersonInvited)
def mail_invitations(facts: Sequence[PersonInvited]) -> None:
    """Send each invitation that has not been sent; without a mail server its link was on the administrator's page."""
    if not settings.MAIL_URL:
        return
    waiting = Invitation.objects.filter(pk__in=[fact.invitation_id for fact in facts], mailed_at=None)
    unsent = set(waiting.values_list("pk", flat=True))
    for fact in facts:
        if fact.invitation_id in unsent:
            with suppress(Refusal):  # accepted or withdrawn meanwhile
                _mail_invitation(fact)


@on(PasswordResetAsked)
def mail_password_resets(facts: Sequence[PasswordResetAsked]) -> None:
    """A mail that is sent twice carries a newer link; only the last one works."""
    if not settings.MAIL_URL:
        return
    for fact in {fact.user_id: fact for fact in facts}.values():
        with suppress(Refusal):  # switched off meanwhile
            _mail_reset(fact)


def _mail_invitation(fact: PersonInvited) -> None:
    token, invitation = renew_invitation(by=SYSTEM, invitation_id=fact.invitation_id, at=now())
    link = fact.site + reverse("platform:invitation", args=[token])
    with translation.override(invitation.language):
        send_mail(
            to=invitation.email,
            subject=_("You are invited to Akrab"),
            text="\n\n".join(
                [
                    _("Hello,"),
                    _("you are invited to work with Akrab. Open this link to make your account; it works once and for a week:"),
                    link,
                    _("If you do not know what this is about, you need not do anything."),
                ]
            ),
        )
    note_invitation_mailed(by=SYSTEM, invitation_id=invitation.pk, at=now())


def _mail_reset(fact: PasswordResetAsked) -> None:
    token, user = make_reset_link(by=SYSTEM, user_id=fact.user_id, at=now())
    link = fact.site + reverse("platform:reset", args=[token])
    with translation.override(user.language):
        send_mail(
            to=user.email,
            subject=_("A new password for Akrab"),
            text="\n\n".join(
                [
                    _("Hello,"),
                    _("somebody asked for a new password. With this link you choose one, once and within an hour:"),
                    link,
                    _("If it was not you, you need not do anything; your password stays as it is."),
                ]
            ),
        )
