"""Passkeys (WebAuthn): the challenges that a browser answers, and whether it answered rightly.

The challenge waits in the session. Nothing is kept here; operations keep what was verified.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from akrab.platform.models import User
from akrab.platform.refusal import Refusal


class PasskeyRefused(Refusal):
    code = "passkey_refused"
    status = 422
    message = _("The passkey could not be checked. Try again, or use another way to sign in.")


def challenge_to_make(user: User) -> dict[str, Any]:
    """What a browser needs to make a passkey that also works without a password."""
    return dict(auth.begin_registration(user, passwordless=True))


def challenge_to_use(user: User | None) -> dict[str, Any]:
    """What a browser needs to use a passkey: of this person, or of whoever it knows here."""
    return dict(auth.begin_authentication(user))


def made(answer: str) -> dict[str, Any]:
    """The new passkey, after its answer proved right."""
    credential = _read(answer)
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except (ValidationError, ValueError, KeyError, TypeError) as problem:
        raise PasskeyRefused from problem
    return credential


def used(answer: str, user: User | None) -> Authenticator:
    """The passkey that answered rightly; its `user` is who is there."""
    credential = _read(answer)
    try:
        auth.parse_authentication_response(credential)
        return auth.complete_authentication(user or auth.extract_user_from_response(credential), credential)
    except (ValidationError, ValueError, KeyError, TypeError) as problem:
        raise PasskeyRefused from problem


def _read(answer: str) -> dict[str, Any]:
    try:
        credential = json.loads(answer)
    except ValueError as problem:
        raise PasskeyRefused from problem
    if not isinstance(credential, dict):
        raise PasskeyRefused
    return credential
