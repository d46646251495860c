"""Signing in: by password with throttling, or by a link that works once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import SignInAttempt, SignInLink, User
from akrab.platform.operation import operation
from akrab.platform.people_facts import SignedIn, SignInLinkMade
from akrab.platform.refusal import NotFound, Refusal

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 8
TRIES_PER_ADDRESS = 40


class WrongCredentials(Refusal):
    code = "wrong_credentials"
    status = 422
    message = _("The e-mail address or the password is not right.")


class TooManyTries(Refusal):
    code = "too_many_tries"
    status = 429
    message = _("Too many tries. Wait a quarter of an hour, or ask an administrator for a sign-in link.")


class LinkUsedUp(Refusal):
    code = "link_used_up"
    status = 410
    message = _("This sign-in link has been used or has expired. Ask for a new one.")


@operation(may="platform.check_sign_in")
def note_try(*, by: Actor, email: str, address: str, at: datetime) -> None:
    """Count a try before the password is looked at, so that parallel guesses are counted too."""
    keys = {_account(email): TRIES_PER_ACCOUNT, _from(address): TRIES_PER_ADDRESS}
    for key, limit in keys.items():
        _one_at_a_time(key)
        if SignInAttempt.objects.filter(key=key, at__gt=at - WINDOW).count() >= limit:
            raise TooManyTries
    SignInAttempt.objects.bulk_create(SignInAttempt(key=key) for key in keys)


@operation(may="platform.check_sign_in")
def sign_in(*, by: Actor, email: str, password: str, address: str, at: datetime) -> SignedIn:
    """Check a password; a right one clears the account's tries."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    right = check_password(password, user.password if user else _NOBODY, _upgrade(user))
    if user is None or not right:
        raise WrongCredentials
    SignInAttempt.objects.filter(key=_account(email)).delete()
    SignInAttempt.objects.filter(at__lt=at - WINDOW).delete()
    return _signed_in(user, by=by, at=at, method="password", address=address)


@operation(may="platform.manage_users")
def make_sign_in_link(
    *, by: Actor, email: str, at: datetime, lasts: timedelta = timedelta(hours=24)
) -> tuple[str, SignInLinkMade]:
    """A token for `/sign-in/<token>/`, told once; only its hash is kept."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise NotFound
    token = secrets.token_urlsafe(32)
    SignInLink.objects.filter(expires_at__lt=at).delete()
    SignInLink.objects.create(user=user, token_hash=hashed(token), expires_at=at + lasts)
    fact = SignInLinkMade(user_id=user.pk, at=at, expires_at=at + lasts)
    record([fact], by=by)
    return token, fact


@operation(may="platform.check_sign_in")
def use_sign_in_link(*, by: Actor, token: str, address: str, at: datetime) -> SignedIn:
    """Use a link up; of two uses at the same moment one wins."""
    links = SignInLink.objects.select_for_update(of=("self",)).select_related("user")
    link = links.filter(token_hash=hashed(token), used_at=None, expires_at__gt=at, user__is_active=True).first()
    if link is None:
        raise LinkUsedUp
    link.used_at = at
    link.save(update_fields=["used_at"])
    return _signed_in(link.user, by=by, at=at, method="link", address=address)


def hashed(token: str) -> str:
    """What is kept of a secret that is shown once."""
    return sha256(token.encode()).hexdigest()


# Checked when nobody has the address, so that the answer takes as long.
_NOBODY = make_password(secrets.token_urlsafe(16))


def _upgrade(user: User | None) -> Callable[[str], None]:
    def save(raw: str) -> None:
        if user is not None:
            user.set_password(raw)
            user.save(update_fields=["password"])

    return save


def _signed_in(user: User, *, by: Actor, at: datetime, method: str, address: str) -> SignedIn:
    person = Actor("person", str(user.pk), str(user), user.role, by.entrance)
    fact = SignedIn(user_id=user.pk, at=at, method=method, address=address)
    record([fact], by=person)
    return fact


def _account(email: str) -> str:
    return f"account:{email.strip().lower()[:180]}"


def _from(address: str) -> str:
    return f"address:{address}"


def _one_at_a_time(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
