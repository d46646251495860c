"""What can have happened to the people who use Akrab, and to their keys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("platform.user_created", subject="user")
class UserCreated:
    """A person was given an account."""

    user_id: UUID
    at: datetime
    email: str
    role: str


@fact("platform.user_changed", subject="user")
class UserChanged:
    """An administrator changed a person's name, role or access; `changes` maps a field to old and new."""

    user_id: UUID
    at: datetime
    changes: dict[str, list[str]]


@fact("platform.preferences_changed", subject="user")
class PreferencesChanged:
    """A person changed how Akrab looks and speaks to them."""

    user_id: UUID
    at: datetime
    names: list[str]


@fact("platform.password_changed", subject="user")
class PasswordChanged:
    """A person's password was set."""

    user_id: UUID
    at: datetime


@fact("platform.sign_in_link_made", subject="user")
class SignInLinkMade:
    """A one-time sign-in link was made for a person."""

    user_id: UUID
    at: datetime
    expires_at: datetime


@fact("platform.signed_in", subject="user")
class SignedIn:
    """A person signed in, with a password or a one-time link."""

    user_id: UUID
    at: datetime
    method: str
    address: str = ""


@fact("platform.token_created", subject="token")
class TokenCreated:
    """An API key was made; only its prefix is known afterwards."""

    token_id: UUID
    user_id: UUID
    at: datetime
    prefix: str
    scopes: list[str]


@fact("platform.token_revoked", subject="token")
class TokenRevoked:
    """An API key stopped working."""

    token_id: UUID
    user_id: UUID
    at: datetime
