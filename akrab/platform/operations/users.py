"""People who use Akrab: creating them, changing their role, switching their access off."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.models import User
from akrab.platform.operation import operation
from akrab.platform.operations.sessions import end_all
from akrab.platform.people_facts import PasswordChanged, PreferencesChanged, UserChanged, UserCreated
from akrab.platform.policy import ROLES
from akrab.platform.refusal import Invalid, NotFound, Refusal


class UserExists(Refusal):
    code = "user_exists"
    message = _("Someone with the address %(email)s already has an account.")


class LastAdministrator(Refusal):
    code = "last_administrator"
    message = _("This is the last active administrator; make someone else administrator first.")


class WrongPassword(Refusal):
    code = "wrong_password"
    status = 422
    message = _("The current password is not right.")


@operation(may="platform.manage_users")
def create_user(
    *,
    by: Actor,
    email: str,
    role: str,
    at: datetime,
    name: str = "",
    password: str | None = None,
    language: str = "en",
    zone: str = "Asia/Jakarta",
) -> UserCreated:
    """Give a person an account; without a password they come in by a sign-in link."""
    email = checked_email(email)
    if role not in ROLES:
        raise Invalid({"role": str(_("There is no such role."))})
    if User.objects.filter(email=email).exists():
        raise UserExists(email=email)
    user = User(email=email, name=name.strip(), role=role, language=language, zone=zone)
    if password is None:
        user.set_unusable_password()
    else:
        set_password(user, password)
    user.save()
    fact = UserCreated(user_id=user.pk, at=at, email=email, role=role)
    record([fact], by=by)
    return fact


@operation(may="platform.manage_users")
def change_user(
    *,
    by: Actor,
    user_id: UUID,
    at: datetime,
    name: str | None = None,
    role: str | None = None,
    is_active: bool | None = None,
) -> UserChanged | None:
    """Change a person's name, role or access; nothing different records nothing."""
    user = _locked(user_id)
    wanted = {"name": name, "role": role, "is_active": is_active}
    changes = {
        field: [str(getattr(user, field)), str(value)]
        for field, value in wanted.items()
        if value is not None and getattr(user, field) != value
    }
    if not changes:
        return None
    if role is not None and role not in ROLES:
        raise Invalid({"role": str(_("There is no such role."))})
    if user.role == "administrator" and user.is_active and (is_active is False or role not in {None, "administrator"}):
        _keep_one_administrator(user)
    for field in changes:
        setattr(user, field, wanted[field])
    user.save(update_fields=list(changes))
    if is_active is False:
        end_all(user, by=by, at=at)
    fact = UserChanged(user_id=user.pk, at=at, changes=changes)
    record([fact], by=by)
    return fact


@operation(may="platform.edit_own_settings")
def change_preferences(*, by: Actor, at: datetime, **choices: Any) -> PreferencesChanged | None:
    """Change one's own language, theme, density, zone, shortcuts or name."""
    user = _locked(UUID(by.id))
    _check_choices(choices)
    changed = [name for name, value in choices.items() if getattr(user, name) != value]
    if not changed:
        return None
    for name in changed:
        setattr(user, name, choices[name])
    user.save(update_fields=changed)
    fact = PreferencesChanged(user_id=user.pk, at=at, names=sorted(changed))
    record([fact], by=by)
    return fact


@operation(may="platform.edit_own_settings")
def change_password(*, by: Actor, at: datetime, new: str, current: str = "") -> PasswordChanged:
    """Set one's own password; whoever has one proves it first."""
    user = _locked(UUID(by.id))
    if user.has_usable_password() and not user.check_password(current):
        raise WrongPassword
    set_password(user, new)
    user.save(update_fields=["password"])
    fact = PasswordChanged(user_id=user.pk, at=at)
    record([fact], by=by)
    return fact


CHOICES: dict[str, Any] = {
    "language": {"en", "id"},
    "theme": set(User.Theme.values),
    "density": set(User.Density.values),
    "shortcuts": {True, False},
}


def _check_choices(choices: dict[str, Any]) -> None:
    zones = {"zone": available_timezones()} if "zone" in choices else {}
    allowed = CHOICES | zones
    wrong = {
        name: str(_("This choice is not known."))
        for name, value in choices.items()
        if name != "name" and value not in allowed.get(name, set())
    }
    if wrong:
        raise Invalid(wrong)


def _keep_one_administrator(user: User) -> None:
    others = User.objects.select_for_update().filter(role="administrator", is_active=True).exclude(pk=user.pk)
    if not others.exists():
        raise LastAdministrator


def checked_email(email: str) -> str:
    """The address in the form that we keep; a refusal when it is none."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as problem:
        raise Invalid({"email": problem.messages[0]}) from problem
    return email


def set_password(user: User, password: str) -> None:
    """Give a person a password that passes the rules; the caller saves."""
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise Invalid({"password": " ".join(problem.messages)}) from problem
    user.set_password(password)


def _locked(user_id: UUID) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user
