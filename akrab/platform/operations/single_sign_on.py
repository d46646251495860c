"""Coming in through the company's sign-in provider: an account that is tied, one with the same address, or a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import User
from akrab.platform.operation import operation
from akrab.platform.operations.signing_in import signed_in
from akrab.platform.operations.users import create_user
from akrab.platform.people_facts import SignedIn
from akrab.platform.queries.sign_in_rules import single_sign_on
from akrab.platform.refusal import Refusal
from akrab.platform.sign_in_facts import ProviderLinked


class NotInvited(Refusal):
    code = "not_invited"
    status = 403
    message = _("Nobody here has the address %(email)s. Ask an administrator for an invitation.")


class AddressNotVerified(Refusal):
    code = "address_not_verified"
    status = 403
    message = _("The sign-in provider does not say that the address %(email)s is verified.")


class AccessIsOff(Refusal):
    code = "access_is_off"
    status = 403
    message = _("This account is switched off. Ask an administrator.")


class NoProvider(Refusal):
    code = "no_provider"
    status = 404
    message = _("There is no sign-in provider here.")


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider says of a person: `subject` never changes there, the address may."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    name: str = ""


@operation(may="platform.check_sign_in")
def sign_in_through_provider(*, by: Actor, claims: Claims, address: str, at: datetime) -> SignedIn:
    """Find or make the account behind what the provider said; its own second factor counts for ours."""
    rules = single_sign_on()
    if rules is None:
        raise NoProvider
    tied = SocialAccount.objects.select_related("user").filter(provider=claims.issuer[:200], uid=claims.subject).first()
    if tied is None:
        user = _same_address(claims, rules.trusts_addresses) or _new(
            claims, rules.role if rules.takes(claims.email) else "", by=by, at=at
        )
        SocialAccount.objects.create(user=user, provider=claims.issuer[:200], uid=claims.subject)
        record([ProviderLinked(user_id=user.pk, at=at, provider=claims.issuer, subject=claims.subject)], by=by)
    else:
        user = tied.user
    if not user.is_active:
        raise AccessIsOff
    return signed_in(user, by=by, at=at, method="provider", address=address)


def _same_address(claims: Claims, is_trusted: bool) -> User | None:
    user = User.objects.filter(email=claims.email.strip().lower()).first()
    if not (claims.is_verified or is_trusted):
        raise AddressNotVerified(email=claims.email)
    return user


def _new(claims: Claims, role: str, *, by: Actor, at: datetime) -> User:
    if not role:
        raise NotInvited(email=claims.email)
    made = create_user(
        by=by, email=claims.email, role=role, at=at, name=claims.name[:200],
        language=settings.LANGUAGE_CODE, zone=settings.TIME_ZONE,
    )  # fmt: skip
    return User.objects.get(pk=made.user_id)
