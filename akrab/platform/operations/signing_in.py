"""Signing in: by password, by a link that works once, and with the second factor where there is one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import structlog
from django.contrib.auth.hashers import check_password
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import SignInLink, User
from akrab.platform.operation import operation
from akrab.platform.operations.throttling import account_key, code_key, forgive
from akrab.platform.people_facts import SignedIn, SignInLinkMade
from akrab.platform.refusal import NotFound, Refusal
from akrab.platform.sign_in_facts import SecondFactorAsked, SignInFailed
from akrab.platform.signing.factors import has_second_factor, which_proof

log = structlog.get_logger("akrab.sign_in")


class WrongCredentials(Refusal):
    code = "wrong_credentials"
    status = 422
    message = _("The e-mail address or the password is not right.")


class WrongCode(Refusal):
    code = "wrong_code"
    status = 422
    message = _("This code is not right. Codes of the app change every 30 seconds and work once.")


class WrongProof(Refusal):
    code = "wrong_proof"
    status = 422
    message = _("That is neither your password nor one of your codes.")


class LinkUsedUp(Refusal):
    code = "link_used_up"
    status = 410
    message = _("This sign-in link has been used or has expired. Ask for a new one.")


@operation(may="platform.check_sign_in")
def sign_in(*, by: Actor, email: str, password: str, address: str, at: datetime) -> SignedIn | SecondFactorAsked:
    """Check a password; a right one clears the account's tries and asks for the second factor if there is one."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    # without an account a password is hashed all the same, so that the answer takes as long
    right = check_password(password, user.password if user else "", _upgrade(user))
    if user is None or not right:
        raise WrongCredentials
    forgive(account_key(email), at)
    return first_proof(user, by=by, at=at, method="password", address=address)


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
def use_sign_in_link(*, by: Actor, token: str, address: str, at: datetime) -> SignedIn | SecondFactorAsked:
    """Use a link up; of two uses at the same moment one wins. It stands for the password, not for the second factor."""
    links = SignInLink.objects.select_for_update(of=("self",)).select_related("user")
    link = links.filter(token_hash=hashed(token), used_at=None, expires_at__gt=at, user__is_active=True).first()
    if link is None:
        raise LinkUsedUp
    link.used_at = at
    link.save(update_fields=["used_at"])
    return first_proof(link.user, by=by, at=at, method="link", address=address)


@operation(may="platform.check_sign_in")
def pass_second_factor(*, by: Actor, user_id: UUID, code: str, method: str, address: str, at: datetime) -> SignedIn:
    """Check the code of the app or a recovery code of somebody whose first proof was right."""
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    proof = which_proof(user_id, code, at) if user else ""
    if user is None or not proof:
        raise WrongCode
    forgive(code_key(user_id), at)
    return signed_in(user, by=by, at=at, method=f"{method}+{proof}", address=address)


@operation(may="platform.edit_own_settings")
def prove_again(*, by: Actor, proof: str, at: datetime) -> None:
    """Whoever is signed in proves once more to be themselves: by password, or by a code of theirs."""
    user = User.objects.select_for_update().filter(pk=by.id, is_active=True).first()
    if user is None or not (user.check_password(proof) or which_proof(user.pk, proof, at)):
        raise WrongProof
    forgive(code_key(user.pk), at)


@operation(may="platform.check_sign_in")
def note_failure(
    *, by: Actor, method: str, reason: str, address: str, at: datetime, user_id: UUID | None = None, email: str = ""
) -> SignInFailed | None:
    """Keep that somebody failed to sign in; about addresses that nobody has, only the log says a word."""
    if user_id is None:
        user_id = User.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()
    log.warning("sign_in_failed", method=method, reason=reason, address=address, known=user_id is not None)
    if user_id is None:
        return None
    fact = SignInFailed(user_id=user_id, at=at, method=method, reason=reason, address=address)
    record([fact], by=by)
    return fact


def first_proof(user: User, *, by: Actor, at: datetime, method: str, address: str) -> SignedIn | SecondFactorAsked:
    """What a right password or link leads to."""
    if not has_second_factor(user.pk):
        return signed_in(user, by=by, at=at, method=method, address=address)
    fact = SecondFactorAsked(user_id=user.pk, at=at, method=method, address=address)
    record([fact], by=by)
    return fact


def signed_in(user: User, *, by: Actor, at: datetime, method: str, address: str) -> SignedIn:
    """Record that a person is in; the entrance gives them their session."""
    person = Actor("person", str(user.pk), str(user), user.role, by.entrance)
    fact = SignedIn(user_id=user.pk, at=at, method=method, address=address)
    record([fact], by=person)
    return fact


def hashed(token: str) -> str:
    """What is kept of a secret that is shown once."""
    return sha256(token.encode()).hexdigest()


def _upgrade(user: User | None) -> Callable[[str], None]:
    def save(raw: str) -> None:
        if user is not None:
            user.set_password(raw)
            user.save(update_fields=["password"])

    return save
