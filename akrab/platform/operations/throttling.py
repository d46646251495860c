"""Guessing is slowed down: tries are counted in the database, so that every machine counts together."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.models import SignInAttempt
from akrab.platform.operation import operation
from akrab.platform.refusal import Refusal

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 8
TRIES_PER_ADDRESS = 40
RESETS_PER_ACCOUNT = 4
RESETS_PER_ADDRESS = 20
LINKS_PER_ADDRESS = 30


class TooManyTries(Refusal):
    code = "too_many_tries"
    status = 429
    message = _("Too many tries. Try again in %(minutes)s min.")


@operation(may="platform.check_sign_in")
def note_try(*, by: Actor, email: str, address: str, at: datetime) -> None:
    """Count a try before the password is looked at, so that parallel guesses are counted too."""
    _count({account_key(email): TRIES_PER_ACCOUNT, f"address:{address}": TRIES_PER_ADDRESS}, at)


@operation(may="platform.check_sign_in")
def note_code_try(*, by: Actor, user_id: UUID, address: str, at: datetime) -> None:
    """Count a guess of a person's second factor, or of their password when they confirm something."""
    _count({code_key(user_id): TRIES_PER_ACCOUNT, f"address:{address}": TRIES_PER_ADDRESS}, at)


@operation(may="platform.check_sign_in")
def note_reset_try(*, by: Actor, email: str, address: str, at: datetime) -> None:
    """Count a wish for a new password, whether or not anybody has the address."""
    keys = {f"reset:{account_key(email)}": RESETS_PER_ACCOUNT, f"reset_from:{address}": RESETS_PER_ADDRESS}
    _count(keys, at)


@operation(may="platform.check_sign_in")
def note_link_try(*, by: Actor, address: str, at: datetime) -> None:
    """Count a use of a link: invitations, resets, one-time sign-ins."""
    _count({f"link:{address}": LINKS_PER_ADDRESS}, at)


def forgive(key: str, at: datetime) -> None:
    """After a right answer the account starts afresh; what is too old to count goes."""
    SignInAttempt.objects.filter(key=key).delete()
    SignInAttempt.objects.filter(at__lt=at - WINDOW).delete()


def account_key(email: str) -> str:
    return f"account:{email.strip().lower()[:180]}"


def code_key(user_id: UUID) -> str:
    return f"code:{user_id}"


def _count(limits: dict[str, int], at: datetime) -> None:
    for key, limit in sorted(limits.items()):
        _one_at_a_time(key)
        tries = SignInAttempt.objects.filter(key=key, at__gt=at - WINDOW).order_by("-at")
        counted = list(tries.values_list("at", flat=True)[:limit])
        if len(counted) >= limit:
            raise TooManyTries(minutes=max(1, ceil((counted[-1] + WINDOW - at).total_seconds() / 60)))
    SignInAttempt.objects.bulk_create(SignInAttempt(key=key) for key in limits)


def _one_at_a_time(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
