"""API keys: made and shown once, revoked for good; only the SHA-256 of a key is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import Token, User
from akrab.platform.operation import operation, require
from akrab.platform.people_facts import TokenCreated, TokenRevoked
from akrab.platform.refusal import Forbidden, Invalid, NotFound

SECRET_STARTS = "akrab_"  # noqa: S105
_SCOPE = re.compile(r"\*|[a-z]+\.(?:[a-z_]+\*?|\*)")


def hash_of(secret: str) -> str:
    """What is kept of a key: its SHA-256; the key itself is random, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@operation(may="platform.edit_own_settings")
def create_token(
    *,
    by: Actor,
    user_id: UUID,
    at: datetime,
    name: str = "",
    scopes: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[str, TokenCreated]:
    """Make a key of a person and return its secret, which nobody can read again.

    Scopes are verbs or patterns (`customers.view_*`); without any the key may all that its person may. A key cannot make
    a key that may more than itself.
    """
    _may_manage(by, user_id)
    if by.scopes and not (scopes and set(scopes) <= set(by.scopes)):
        raise Forbidden(verb=", ".join(scopes) or "*")
    wrong = [scope for scope in scopes if not _SCOPE.fullmatch(scope)]
    if wrong or (scopes and len(scopes) > 50):
        raise Invalid({"scopes": str(_("Not a scope: %(scope)s.") % {"scope": ", ".join(wrong)})})
    if expires_at is not None and expires_at <= at:
        raise Invalid({"expires_at": str(_("This moment has passed."))})
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        raise NotFound
    secret = SECRET_STARTS + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user_id=user_id,
        name=name.strip()[:100],
        prefix=secret[:12],
        token_hash=hash_of(secret),
        scopes=list(scopes),
        expires_at=expires_at,
    )
    fact = TokenCreated(token_id=token.pk, user_id=user_id, at=at, prefix=token.prefix, scopes=list(scopes))
    record([fact], by=by)
    return secret, fact


@operation(may="platform.edit_own_settings")
def revoke_token(*, by: Actor, token_id: UUID, at: datetime) -> TokenRevoked:
    """Stop a key at once; one's own, or anybody's for those who manage people."""
    token = Token.objects.select_for_update().filter(pk=token_id).first()
    if token is None:
        raise NotFound
    _may_manage(by, token.user_id)
    fact = TokenRevoked(token_id=token.pk, user_id=token.user_id, at=token.revoked_at or at)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record([fact], by=by)
    return fact


def _may_manage(by: Actor, user_id: UUID) -> None:
    if by.kind != "person" or by.id != str(user_id):
        require(by, "platform.manage_users")
