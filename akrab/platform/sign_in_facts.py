"""What can have happened around signing in: second factors, passkeys, sessions, invitations, resets, rules."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("platform.second_factor_asked", subject="user")
class SecondFactorAsked:
    """The first proof was right; the person is asked for the second one."""

    user_id: UUID
    at: datetime
    method: str
    address: str = ""


@fact("platform.sign_in_failed", subject="user")
class SignInFailed:
    """Somebody could not prove to be this person; `method` is what they tried, `reason` the refusal's code."""

    user_id: UUID
    at: datetime
    method: str
    reason: str
    address: str = ""


@fact("platform.two_factor_changed", subject="user")
class TwoFactorChanged:
    """A person's second factors changed: `change` is app_on, app_off, passkey_added, passkey_removed, codes_made or reset."""

    user_id: UUID
    at: datetime
    change: str
    name: str = ""


@fact("platform.session_ended", subject="user")
class SessionsEnded:
    """Somebody was signed out of devices before they did so there."""

    user_id: UUID
    at: datetime
    count: int
    devices: list[str]


@fact("platform.person_invited", subject="invitation")
class PersonInvited:
    """Somebody was invited to have an account; `site` is the address at which the inviter reached Akrab."""

    invitation_id: UUID
    at: datetime
    email: str
    role: str
    site: str = ""


@fact("platform.invitation_withdrawn", subject="invitation")
class InvitationWithdrawn:
    """An invitation stopped working before it was accepted."""

    invitation_id: UUID
    at: datetime
    email: str


@fact("platform.invitation_accepted", subject="invitation")
class InvitationAccepted:
    """An invited person made their account."""

    invitation_id: UUID
    user_id: UUID
    at: datetime


@fact("platform.password_reset_asked", subject="user")
class PasswordResetAsked:
    """Somebody who knows a person's address asked for a new password."""

    user_id: UUID
    at: datetime
    address: str = ""
    site: str = ""


@fact("platform.provider_linked", subject="user")
class ProviderLinked:
    """A person's account was tied to their account at the sign-in provider."""

    user_id: UUID
    at: datetime
    provider: str
    subject: str


@fact("platform.sign_in_rules_changed", subject="setting")
class SignInRulesChanged:
    """An administrator changed who needs a second factor, or the sign-in provider; secrets are never told."""

    at: datetime
    changes: dict[str, list[str]]
