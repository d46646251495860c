"""A person's second factors: the app, recovery codes, passkeys; turning them on and off, and resetting them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import User
from akrab.platform.operation import operation
from akrab.platform.operations.sessions import end_all
from akrab.platform.operations.signing_in import WrongCode, signed_in
from akrab.platform.people_facts import SignedIn
from akrab.platform.queries.sign_in_rules import needs_second_factor
from akrab.platform.refusal import NotFound, Refusal
from akrab.platform.sealing import seal
from akrab.platform.sign_in_facts import TwoFactorChanged
from akrab.platform.signing.factors import APP, CODES, PASSKEY, PROVES, app_step


class AppAlreadyOn(Refusal):
    code = "app_already_on"
    message = _("An authenticator app is set up already; turn it off first.")


class SecondFactorRequired(Refusal):
    code = "second_factor_required"
    message = _("Your role needs a second factor. Add another one before you take this one away.")


@operation(may="platform.edit_own_settings")
def turn_on_app(*, by: Actor, secret: str, code: str, at: datetime) -> tuple[TwoFactorChanged, list[str]]:
    """Take an app that shows the right code; returns recovery codes, which are told once, if there were none."""
    user = _locked(UUID(by.id))
    if Authenticator.objects.filter(user=user, type=APP).exists():
        raise AppAlreadyOn
    step = app_step(secret, code, at)
    if step is None:
        raise WrongCode
    Authenticator.objects.create(user=user, type=APP, data={"secret": seal(secret), "step": step}, created_at=at)
    return _changed(user, "app_on", by=by, at=at), _first_codes(user)


@operation(may="platform.edit_own_settings")
def turn_off_app(*, by: Actor, at: datetime) -> TwoFactorChanged:
    """Forget the app; without a passkey the recovery codes go too."""
    user = _locked(UUID(by.id))
    _take_away(user, Authenticator.objects.filter(user=user, type=APP))
    return _changed(user, "app_off", by=by, at=at)


@operation(may="platform.edit_own_settings")
def make_recovery_codes(*, by: Actor, at: datetime) -> tuple[TwoFactorChanged, list[str]]:
    """New recovery codes, told once; the old ones stop working."""
    user = _locked(UUID(by.id))
    if not Authenticator.objects.filter(user=user, type__in=PROVES).exists():
        raise NotFound
    Authenticator.objects.filter(user=user, type=CODES).delete()
    return _changed(user, "codes_made", by=by, at=at), _first_codes(user)


@operation(may="platform.edit_own_settings")
def add_passkey(*, by: Actor, name: str, credential: dict[str, Any], at: datetime) -> tuple[TwoFactorChanged, list[str]]:
    """Keep a passkey whose answer to our challenge has been verified."""
    user = _locked(UUID(by.id))
    name = name.strip()[:100] or str(_("Passkey"))
    Authenticator.objects.create(user=user, type=PASSKEY, data={"name": name, "credential": credential}, created_at=at)
    return _changed(user, "passkey_added", by=by, at=at, name=name), _first_codes(user)


@operation(may="platform.edit_own_settings")
def remove_passkey(*, by: Actor, passkey_id: int, at: datetime) -> TwoFactorChanged:
    user = _locked(UUID(by.id))
    mine = Authenticator.objects.filter(user=user, type=PASSKEY, pk=passkey_id)
    name = mine.values_list("data__name", flat=True).first() or ""
    _take_away(user, mine)
    return _changed(user, "passkey_removed", by=by, at=at, name=name)


@operation(may="platform.check_sign_in")
def sign_in_with_passkey(*, by: Actor, passkey_id: int, address: str, at: datetime, method: str = "passkey") -> SignedIn:
    """Let in whoever answered the challenge with this passkey; alone it is two factors, the device and its unlocking."""
    passkey = Authenticator.objects.select_related("user").filter(pk=passkey_id, user__is_active=True).first()
    if passkey is None:
        raise NotFound
    passkey.last_used_at = at
    passkey.save(update_fields=["last_used_at"])
    return signed_in(passkey.user, by=by, at=at, method=method, address=address)


@operation(may="platform.manage_users")
def reset_two_factor(*, by: Actor, user_id: UUID, at: datetime) -> TwoFactorChanged:
    """For somebody who lost phone and codes: no factor is left, and they are signed out everywhere."""
    user = _locked(user_id)
    gone, _kinds = Authenticator.objects.filter(user=user).delete()
    if not gone:
        raise NotFound
    end_all(user, by=by, at=at)
    return _changed(user, "reset", by=by, at=at)


def _take_away(user: User, factors: Any) -> None:
    gone, _kinds = factors.delete()
    if not gone:
        raise NotFound
    if Authenticator.objects.filter(user=user, type__in=PROVES).exists():
        return
    if needs_second_factor(user.role):
        raise SecondFactorRequired
    Authenticator.objects.filter(user=user, type=CODES).delete()


def _first_codes(user: User) -> list[str]:
    if Authenticator.objects.filter(user=user, type=CODES).exists():
        return []
    return list(RecoveryCodes.activate(user).generate_codes())


def _changed(user: User, change: str, *, by: Actor, at: datetime, name: str = "") -> TwoFactorChanged:
    fact = TwoFactorChanged(user_id=user.pk, at=at, change=change, name=name)
    record([fact], by=by)
    return fact


def _locked(user_id: UUID) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user
