"""Signing in: passwords, throttling, one-time links, people and their keys."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM
from akrab.platform.models import SignInAttempt, User
from akrab.platform.operations.signing_in import (
    LinkUsedUp,
    WrongCredentials,
    make_sign_in_link,
    sign_in,
    use_sign_in_link,
)
from akrab.platform.operations.throttling import TRIES_PER_ACCOUNT, TooManyTries, note_try
from akrab.platform.operations.users import (
    LastAdministrator,
    UserExists,
    change_password,
    change_preferences,
    change_user,
    create_user,
)
from akrab.platform.refusal import Forbidden, Invalid
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db

PASSWORD = "kopi-susu-2026"


def make_user(email: str = "sari@example.com", role: str = "administrator", password: str | None = PASSWORD) -> User:
    fact = create_user(by=SYSTEM, email=email, role=role, at=NOON, password=password)
    return User.objects.get(pk=fact.user_id)


def test_the_address_is_kept_in_lower_case_and_once() -> None:
    make_user("Sari@Example.com")

    assert User.objects.get().email == "sari@example.com"
    with pytest.raises(UserExists):
        make_user("SARI@example.com")


def test_a_short_password_is_refused_and_nobody_is_made() -> None:
    with pytest.raises(Invalid) as refusal:
        make_user(password="short")

    assert "password" in refusal.value.errors
    assert User.objects.count() == 0
    assert facts_recorded() == []


def test_staff_may_not_make_users() -> None:
    with pytest.raises(Forbidden):
        create_user(by=make_actor("staff"), email="x@example.com", role="administrator", at=NOON)


def test_the_last_administrator_stays() -> None:
    user = make_user()

    with pytest.raises(LastAdministrator):
        change_user(by=SYSTEM, user_id=user.pk, at=NOON, role="staff")
    with pytest.raises(LastAdministrator):
        change_user(by=SYSTEM, user_id=user.pk, at=NOON, is_active=False)
    user.refresh_from_db()
    assert (user.role, user.is_active) == ("administrator", True)


def test_switching_a_person_off_signs_them_out(client: Client) -> None:
    make_user()
    budi = make_user("budi@example.com", "staff")
    client.force_login(budi)

    change_user(by=SYSTEM, user_id=budi.pk, at=NOON, is_active=False)

    assert client.get("/preferences/").status_code == 302


def test_a_right_password_clears_the_tries() -> None:
    user = make_user()
    note_try(by=SYSTEM, email=user.email, address="10.0.0.1", at=now())

    fact = sign_in(by=SYSTEM, email="SARI@example.com", password=PASSWORD, address="10.0.0.1", at=now())

    assert fact.user_id == user.pk
    assert list(SignInAttempt.objects.values_list("key", flat=True)) == ["address:10.0.0.1"]


@pytest.mark.parametrize("email", ["sari@example.com", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_person_look_alike(email: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user()
    hashed = Mock(wraps=Argon2PasswordHasher.encode), Mock(wraps=Argon2PasswordHasher.verify)
    for name, counted in zip(("encode", "verify"), hashed, strict=True):
        monkeypatch.setattr(Argon2PasswordHasher, name, lambda *a, counted=counted, **named: counted(*a, **named))

    with pytest.raises(WrongCredentials) as refusal:
        sign_in(by=SYSTEM, email=email, password="wrong", address="10.0.0.1", at=now())

    assert str(refusal.value) == "The e-mail address or the password is not right."
    assert sum(counted.call_count for counted in hashed) == 1


def test_guessing_is_stopped_even_with_the_right_password(client: Client) -> None:
    user = make_user()
    for _ in range(TRIES_PER_ACCOUNT):
        client.post("/sign-in/", {"email": user.email, "password": "wrong"})

    answer = client.post("/sign-in/", {"email": user.email, "password": PASSWORD})

    assert answer.status_code == 422
    assert b"Too many tries" in answer.content
    assert "_auth_user_id" not in client.session


def test_old_tries_are_forgiven() -> None:
    for _ in range(TRIES_PER_ACCOUNT):
        note_try(by=SYSTEM, email="sari@example.com", address="10.0.0.1", at=now())
    with pytest.raises(TooManyTries):
        note_try(by=SYSTEM, email="sari@example.com", address="10.0.0.2", at=now())

    note_try(by=SYSTEM, email="sari@example.com", address="10.0.0.2", at=now() + timedelta(hours=1))


def test_a_link_signs_in_once_and_only_by_the_button(client: Client) -> None:
    make_user(password=None)
    token, _fact = make_sign_in_link(by=SYSTEM, email="sari@example.com", at=now())

    assert client.get(f"/sign-in/{token}/").status_code == 200
    assert client.get(f"/sign-in/{token}/").status_code == 200
    assert client.post(f"/sign-in/{token}/")["Location"] == "/"
    assert Client().post(f"/sign-in/{token}/").status_code == 410
    assert facts_recorded("platform.signed_in") == ["platform.signed_in"]


def test_an_expired_link_is_refused() -> None:
    make_user(password=None)
    token, _fact = make_sign_in_link(by=SYSTEM, email="sari@example.com", at=now() - timedelta(days=2))

    with pytest.raises(LinkUsedUp):
        use_sign_in_link(by=SYSTEM, token=token, address="", at=now())


def test_a_password_is_changed_only_by_who_knows_it() -> None:
    user = make_user()
    own = make_actor(id=str(user.pk))

    with pytest.raises(Invalid):
        change_password(by=own, at=NOON, current=PASSWORD, new="12345")
    change_password(by=own, at=NOON, current=PASSWORD, new="teh-tarik-panas-7")

    user.refresh_from_db()
    assert user.check_password("teh-tarik-panas-7")


def test_an_unknown_preference_is_refused() -> None:
    user = make_user()
    own = make_actor(id=str(user.pk))

    with pytest.raises(Invalid):
        change_preferences(by=own, at=NOON, theme="pink")
    assert change_preferences(by=own, at=NOON, theme="system") is None
    fact = change_preferences(by=own, at=NOON, zone="Asia/Makassar", language="id")
    assert fact is not None
    assert fact.names == ["language", "zone"]


def test_a_key_is_shown_once_and_stops_when_revoked(client: Client) -> None:
    user = make_user()
    client.force_login(user)

    made = client.post("/keys/", {"name": "Till", "scopes": ["commerce.*"], "days": "365"}).content.decode()
    again = client.get("/keys/").content.decode()

    secret = made.split("<code")[1].split(">")[1].split("<")[0]
    assert secret.startswith("akrab_")
    assert secret not in again
    token = user.token_set.get()
    assert client.post(f"/keys/{token.pk}/", {"_method": "delete"}).status_code == 303
    token.refresh_from_db()
    assert token.revoked_at is not None


@pytest.mark.parametrize("address", ["nowhere", "//elsewhere.example/", "javascript:alert(1)", "platform:users", "..."])
def test_an_address_that_is_not_ours_leads_to_the_start(client: Client, address: str) -> None:
    make_user()

    given = {"email": "sari@example.com", "password": PASSWORD, "next": address}
    answer = client.post("/sign-in/", given)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
