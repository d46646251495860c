"""People who use Akrab and their keys, read for the settings pages."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from akrab.platform.actor import Actor
from akrab.platform.models import SignInLink, Token, User
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound


def all_users(*, by: Actor) -> list[User]:
    require(by, "platform.manage_users")
    return list(User.objects.order_by("-is_active", "email", "pk"))


def get_user(*, by: Actor, user_id: UUID) -> User:
    if str(user_id) != by.id:
        require(by, "platform.manage_users")
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def first_administrator(*, by: Actor) -> str:
    """The address of the first active administrator; empty when there is none."""
    require(by, "platform.manage_users")
    users = User.objects.filter(role="administrator", is_active=True).order_by("created_at", "pk")
    return users.values_list("email", flat=True).first() or ""


def user_id_of(*, by: Actor, email: str) -> UUID:
    """The id behind an address, for commands that name people by it."""
    require(by, "platform.manage_users")
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise NotFound
    return user.pk


def own_tokens(*, by: Actor) -> list[Token]:
    require(by, "platform.edit_own_settings")
    return list(Token.objects.filter(user_id=by.id, revoked_at=None).order_by("-created_at", "pk"))


def link_is_open(*, by: Actor, token_hash: str) -> bool:
    """Whether a sign-in link can still be used; it opens nothing by itself."""
    return SignInLink.objects.filter(
        token_hash=token_hash, used_at=None, expires_at__gt=timezone.now(), user__is_active=True
    ).exists()
