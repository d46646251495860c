"""Setting the rules of signing in: roles that need a second factor, the provider of single sign-on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import Setting, User
from akrab.platform.operation import operation
from akrab.platform.operations.sessions import end_all
from akrab.platform.policy import ROLES
from akrab.platform.queries.sign_in_rules import PROVIDER, TWO_FACTOR_ROLES, single_sign_on, two_factor_roles
from akrab.platform.refusal import Invalid, Refusal
from akrab.platform.sealing import seal
from akrab.platform.sign_in_facts import SignInRulesChanged
from akrab.platform.signing.factors import PROVES, has_second_factor


class OwnSecondFactorFirst(Refusal):
    code = "own_second_factor_first"
    message = _("Set up your own second factor first; otherwise this rule would shut you out.")


class GivenByEnvironment(Refusal):
    code = "given_by_environment"
    message = _("The sign-in provider is set in the server's environment (AKRAB_SSO_…) and cannot be changed here.")


@operation(may="platform.manage_sign_in")
def require_two_factor(*, by: Actor, roles: Sequence[str], at: datetime) -> SignInRulesChanged | None:
    """Say which roles need a second factor; people of theirs without one are signed out and set it up when they return."""
    wanted = [role for role in ROLES if role in set(roles)]
    before = two_factor_roles()
    if wanted == before:
        return None
    added = set(wanted) - set(before)
    if by.kind == "person" and by.role in added and not has_second_factor(UUID(by.id)):
        raise OwnSecondFactorFirst
    Setting.objects.update_or_create(name=TWO_FACTOR_ROLES, defaults={"value": wanted})
    protected = Authenticator.objects.filter(type__in=PROVES).values("user_id")
    for user in User.objects.filter(role__in=added).exclude(pk__in=protected).order_by("pk"):
        end_all(user, by=by, at=at)
    return _changed({"two_factor_roles": [", ".join(before), ", ".join(wanted)]}, by=by, at=at)


@operation(may="platform.manage_sign_in")
def set_provider(
    *,
    by: Actor,
    name: str,
    address: str,
    client_id: str,
    domains: Sequence[str],
    role: str,
    at: datetime,
    secret: str = "",
    trusts_addresses: bool = False,
) -> SignInRulesChanged:
    """Enter the sign-in provider; an empty secret keeps the one that is there."""
    kept = single_sign_on()
    if kept and kept.from_environment:
        raise GivenByEnvironment
    _check(address, role)
    sealed = seal(secret) if secret else (kept.sealed_secret if kept else "")
    value: dict[str, Any] = {
        "name": name.strip(),
        "address": address.strip().rstrip("/"),
        "client_id": client_id.strip(),
        "sealed_secret": sealed,
        "domains": sorted({one.strip().lower().lstrip("@") for one in domains if one.strip()}),
        "role": role,
        "trusts_addresses": trusts_addresses,
    }
    Setting.objects.update_or_create(name=PROVIDER, defaults={"value": value})
    return _changed({"provider": [kept.address if kept else "", value["address"]]}, by=by, at=at)


@operation(may="platform.manage_sign_in")
def remove_provider(*, by: Actor, at: datetime) -> SignInRulesChanged | None:
    """Nobody signs in through the provider any more; their accounts stay."""
    kept = single_sign_on()
    if kept is None:
        return None
    if kept.from_environment:
        raise GivenByEnvironment
    Setting.objects.filter(name=PROVIDER).delete()
    return _changed({"provider": [kept.address, ""]}, by=by, at=at)


def _check(address: str, role: str) -> None:
    parts = urlsplit(address)
    near = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    wrong = {}
    if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and near)):
        wrong["address"] = str(_("The address must begin with https://."))
    if role not in ROLES:
        wrong["role"] = str(_("There is no such role."))
    if wrong:
        raise Invalid(wrong)


def _changed(changes: dict[str, list[str]], *, by: Actor, at: datetime) -> SignInRulesChanged:
    fact = SignInRulesChanged(at=at, changes=changes)
    record([fact], by=by)
    return fact
