"""API keys at the door: who holds the key, what it may do, and how often."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.api.problems import TooManyRequests, Unauthenticated
from akrab.platform.bulk import fetch
from akrab.platform.customizing.fields import STAMP, stamped
from akrab.platform.operations.tokens import hash_of
from akrab.platform.rights.rules_exist import ANY_RULE

NOTED_EVERY = 60.0
MINUTE = 60.0

HOLDER = (
    "SELECT t.id, t.name, t.scopes::text, t.expires_at, t.revoked_at, u.id, u.name, u.email, u.role, u.language, "
    f"u.zone, u.is_active, {ANY_RULE}, {STAMP} FROM platform_token t JOIN platform_user u ON u.id = t.user_id "
    "WHERE t.token_hash = %s"
)
_NOTE = (
    "UPDATE platform_token SET last_used_at = now() WHERE id = %s "
    "AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')"
)


class KeyUnknown(Unauthenticated):
    code = "key_unknown"
    message = _("This API key is not known; check it, or make a new one.")


class KeyExpired(Unauthenticated):
    code = "key_expired"
    message = _("This API key has expired; make a new one.")


class KeyRevoked(Unauthenticated):
    code = "key_revoked"
    message = _("This API key was revoked; make a new one.")


class BearerKey:
    """Ninja's authentication callback: finds the key by its hash and puts the actor on the request."""

    openapi_security_schema = {"type": "http", "scheme": "bearer", "description": "An API key, for example akrab_…"}

    def __call__(self, request: HttpRequest) -> Actor:
        scheme, _gap, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise Unauthenticated
        rows = fetch(HOLDER, [hash_of(secret.strip())])
        if not rows:
            raise KeyUnknown
        return _enter(request, rows[0])


def _enter(request: Any, row: tuple[Any, ...]) -> Actor:
    key, name, scopes, expires_at, revoked_at, person, person_name, email, role, language, zone, active, ruled, fields = row
    if revoked_at is not None or not active:
        raise KeyRevoked
    if expires_at is not None and expires_at <= datetime.now(UTC):
        raise KeyExpired
    stamped(fields)
    request.language, request.person, request.key = language, person, key
    request.allowance = _count(key)
    label = f"{person_name or email} ({name})" if name else person_name or email
    request.actor = Actor(
        "key", str(key), label[:200], role, "api", tuple(json.loads(scopes)), language, zone, str(person), ruled
    )
    return request.actor  # type: ignore[no-any-return]


_windows: dict[UUID, tuple[float, int]] = {}


def _count(key: UUID) -> tuple[int, int, int]:
    """Limit, what is left, and seconds until the window ends; each web process counts for itself."""
    most = settings.API_REQUESTS_PER_MINUTE
    moment = time.monotonic()
    began, used = _windows.get(key, (moment, 0))
    if moment - began >= MINUTE:
        began, used = moment, 0
    _windows[key] = (began, used + 1)
    rest = max(1, round(began + MINUTE - moment))
    if used >= most:
        raise TooManyRequests(wait=rest)
    return most, most - used - 1, rest


_noted: dict[UUID, float] = {}


def needs_note(key: UUID) -> bool:
    """Whether this process has not noted the use of the key for a minute."""
    moment = time.monotonic()
    if moment - _noted.get(key, -NOTED_EVERY) < NOTED_EVERY:
        return False
    _noted[key] = moment
    return True


def note_use(key: UUID) -> None:
    """Write down that the key was used; called after the answer has gone out."""
    fetch(_NOTE, [key])
