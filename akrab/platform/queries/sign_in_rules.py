"""The rules of signing in: which roles need a second factor, and the provider of single sign-on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from akrab.platform.actor import Actor
from akrab.platform.models import Setting
from akrab.platform.operation import require
from akrab.platform.policy import ROLES
from akrab.platform.sealing import unseal

TWO_FACTOR_ROLES = "sign_in.two_factor_roles"
PROVIDER = "sign_in.provider"


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """A company's sign-in provider (OpenID Connect) and who may come in through it."""

    name: str
    address: str
    client_id: str
    sealed_secret: str = field(default="", repr=False)
    open_secret: str = field(default="", repr=False)
    domains: tuple[str, ...] = ()
    role: str = "staff"
    trusts_addresses: bool = False
    from_environment: bool = False

    @property
    def secret(self) -> str:
        return self.open_secret or (unseal(self.sealed_secret) if self.sealed_secret else "")

    def takes(self, email: str) -> bool:
        """Whether somebody new with this address gets an account."""
        return email.partition("@")[2].lower() in self.domains


def two_factor_roles() -> list[str]:
    """The roles whose people need a second factor."""
    kept = _setting(TWO_FACTOR_ROLES)
    return [role for role in kept or [] if role in ROLES]


def needs_second_factor(role: str) -> bool:
    return role in two_factor_roles()


def single_sign_on() -> SingleSignOn | None:
    """The provider of the environment, else the one that an administrator entered."""
    given: dict[str, Any] = settings.SINGLE_SIGN_ON
    if given["address"] and given["client_id"]:
        return SingleSignOn(**given, from_environment=True)
    kept = _setting(PROVIDER)
    return SingleSignOn(**{**kept, "domains": tuple(kept["domains"])}) if kept else None


def rules(*, by: Actor) -> tuple[list[str], SingleSignOn | None]:
    """What the settings page shows."""
    require(by, "platform.manage_sign_in")
    return two_factor_roles(), single_sign_on()


def _setting(name: str) -> Any:
    return Setting.objects.filter(name=name).values_list("value", flat=True).first()
