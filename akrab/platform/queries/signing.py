"""A person's second factors and sessions, and the open invitations, read for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from akrab.platform.actor import Actor
from akrab.platform.models import Invitation, PasswordReset
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound
from akrab.platform.signing.devices import Device, device_of
from akrab.platform.signing.factors import APP, CODES, PASSKEY, PROVES


@dataclass(frozen=True, slots=True)
class Passkey:
    id: int
    name: str
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can prove themselves with besides the password."""

    has_app: bool
    passkeys: list[Passkey]
    codes_left: int

    @property
    def is_protected(self) -> bool:
        return self.has_app or bool(self.passkeys)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is signed in."""

    id: int
    device: Device
    address: str
    since: datetime
    seen_at: datetime
    is_here: bool


def factors_of(*, by: Actor, user_id: UUID) -> Factors:
    if str(user_id) != by.id:
        require(by, "platform.manage_users")
    rows = list(Authenticator.objects.filter(user_id=user_id).order_by("created_at", "pk"))
    return Factors(
        has_app=any(row.type == APP for row in rows),
        passkeys=[Passkey(row.pk, row.data["name"], row.created_at, row.last_used_at) for row in rows if row.type == PASSKEY],
        codes_left=sum(len(RecoveryCodes(row).get_unused_codes()) for row in rows if row.type == CODES),
    )


def protected_people(*, by: Actor) -> set[UUID]:
    """Everybody who has a second factor."""
    require(by, "platform.manage_users")
    return set(Authenticator.objects.filter(type__in=PROVES).values_list("user_id", flat=True))


def places(*, by: Actor, here: str) -> list[Place]:
    """Where a person is signed in now; this session first, then the latest seen."""
    require(by, "platform.edit_own_settings")
    rows = list(UserSession.objects.filter(user_id=by.id).order_by("-last_seen_at", "-pk"))
    live = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now())
    keys = set(live.values_list("session_key", flat=True))
    found = [
        Place(row.pk, device_of(row.user_agent), row.ip, row.created_at, row.last_seen_at, row.session_key == here)
        for row in rows
        if row.session_key in keys
    ]
    return sorted(found, key=lambda place: not place.is_here)


def open_invitations(*, by: Actor) -> list[Invitation]:
    require(by, "platform.manage_users")
    return list(Invitation.objects.filter(accepted_at=None, withdrawn_at=None).order_by("-created_at", "pk"))


def get_open_invitation(*, by: Actor, token_hash: str) -> Invitation:
    """The invitation behind a link; reading it changes nothing."""
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())
    invitation = waiting.filter(token_hash=token_hash).first()
    if invitation is None:
        raise NotFound
    return invitation


def reset_is_open(*, by: Actor, token_hash: str) -> bool:
    from_hash = PasswordReset.objects.filter(token_hash=token_hash, used_at=None, expires_at__gt=timezone.now())
    return from_hash.filter(user__is_active=True).exists()
