"""Second factors: the app, recovery codes, rules for roles, and resetting them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM, Actor
from akrab.platform.models import User
from akrab.platform.operations.second_factors import (
    SecondFactorRequired,
    make_recovery_codes,
    reset_two_factor,
    turn_off_app,
    turn_on_app,
)
from akrab.platform.operations.sign_in_rules import OwnSecondFactorFirst, require_two_factor
from akrab.platform.operations.signing_in import WrongCode, make_sign_in_link, pass_second_factor
from akrab.platform.operations.users import create_user
from akrab.platform.refusal import Forbidden
from akrab.platform.sealing import SealedElsewhere, seal, unseal
from akrab.platform.sign_in_facts import SecondFactorAsked
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db

PASSWORD = "kopi-susu-2026"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_user(email: str = "sari@example.com", role: str = "administrator") -> User:
    fact = create_user(by=SYSTEM, email=email, role=role, at=NOON, password=PASSWORD)
    return User.objects.get(pk=fact.user_id)


def own(user: User) -> Actor:
    return make_actor(user.role, id=str(user.pk))


def code_at(at: datetime) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(at.timestamp()) // 30)))


def make_protected(email: str = "sari@example.com", role: str = "administrator") -> tuple[User, list[str]]:
    """A person with an app; the first code was used an hour ago."""
    user, then = make_user(email, role), now() - timedelta(hours=1)
    _fact, codes = turn_on_app(by=own(user), secret=SECRET, code=code_at(then), at=then)
    return user, codes


def give_password(client: Client, user: User, back: str = "/") -> str:
    return str(client.post("/sign-in/", {"email": user.email, "password": PASSWORD, "next": back})["Location"])


def test_a_right_password_leads_to_the_code_and_the_code_leads_on(client: Client) -> None:
    user, _codes = make_protected()

    assert give_password(client, user, "/users/") == "/sign-in/code/"
    assert client.get("/users/").status_code == 302
    answer = client.post("/sign-in/code/", {"code": code_at(now())})

    assert answer["Location"] == "/users/"
    assert client.get("/users/").status_code == 200
    assert facts_recorded()[-2:] == ["platform.second_factor_asked", "platform.signed_in"]


def test_a_code_works_once(client: Client) -> None:
    user, _codes = make_protected()
    at = now()
    who: dict[str, Any] = {"user_id": user.pk, "method": "password", "address": ""}

    assert pass_second_factor(by=SYSTEM, code=code_at(at), at=at, **who).method == "password+app"
    with pytest.raises(WrongCode):
        pass_second_factor(by=SYSTEM, code=code_at(at), at=at, **who)
    with pytest.raises(WrongCode):
        pass_second_factor(by=SYSTEM, code=code_at(at - timedelta(seconds=30)), at=at, **who)
    pass_second_factor(by=SYSTEM, code=code_at(at + timedelta(seconds=30)), at=at, **who)


def test_codes_of_the_steps_beside_now_count_and_older_ones_do_not() -> None:
    user, _codes = make_protected()
    at = now()

    with pytest.raises(WrongCode):
        pass_second_factor(
            by=SYSTEM, user_id=user.pk, code=code_at(at - timedelta(seconds=61)), method="password", address="", at=at
        )  # fmt: skip


def test_each_recovery_code_works_once(client: Client) -> None:
    user, codes = make_protected()
    give_password(client, user)

    assert client.post("/sign-in/code/", {"code": f"{codes[3][:4]} {codes[3][4:]}"})["Location"] == "/"
    again = Client()
    give_password(again, user)

    assert again.post("/sign-in/code/", {"code": codes[3]}).status_code == 422
    assert again.post("/sign-in/code/", {"code": codes[4]})["Location"] == "/"
    assert len(set(codes)) == 10


def test_guessing_codes_is_stopped_and_kept_for_the_audit(client: Client) -> None:
    user, codes = make_protected()
    give_password(client, user)
    for _ in range(8):
        client.post("/sign-in/code/", {"code": "000000"})

    answer = client.post("/sign-in/code/", {"code": codes[0]})

    assert answer.status_code == 422
    assert "Too many tries. Try again in 15 min." in answer.content.decode()
    assert facts_recorded("platform.sign_in_failed") == ["platform.sign_in_failed"] * 9


def test_a_one_time_link_stands_for_the_password_only(client: Client) -> None:
    user, _codes = make_protected()
    token, _fact = make_sign_in_link(by=SYSTEM, email=user.email, at=now())

    assert client.post(f"/sign-in/{token}/")["Location"] == "/sign-in/code/"


def test_the_code_page_is_closed_without_a_first_proof(client: Client) -> None:
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"
    assert client.post("/sign-in/code/", {"code": "123456"})["Location"] == "/sign-in/"


def test_the_first_proof_is_forgotten_after_ten_minutes(client: Client) -> None:
    user, codes = make_protected()
    give_password(client, user)
    session = client.session
    session["sign_in.pending"] |= {"at": (now() - timedelta(minutes=11)).isoformat()}
    session.save()

    assert client.post("/sign-in/code/", {"code": codes[0]})["Location"] == "/sign-in/"


def test_setting_up_shows_a_picture_and_the_codes_once(client: Client) -> None:
    user = make_user()
    give_password(client, user)
    shown = client.get("/security/app/").content.decode()
    secret = re.sub(r"\s", "", re.findall(r"select-all\">([A-Z2-7 ]+)<", shown)[0])
    assert client.get("/security/app/").content.decode().count(secret[:4]) >= 1
    wrong = client.post("/security/app/", {"code": "12"})

    code = format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30))
    done = client.post("/security/app/", {"code": code}).content.decode()

    assert "<svg" in shown
    assert wrong.status_code == 422
    assert len(re.findall(r"<li>\d{8}</li>", done)) == 10
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    assert client.get("/security/codes/").status_code == 405
    assert "10 codes are left." in client.get("/security/").content.decode()


def test_changes_need_a_fresh_proof(client: Client) -> None:
    user, _codes = make_protected()
    client.force_login(user)

    assert client.post("/security/app/", {"_method": "delete"})["Location"] == "/security/again/"
    assert client.post("/security/codes/")["Location"] == "/security/again/"
    assert client.get("/security/app/")["Location"] == "/security/again/?next=%2Fsecurity%2Fapp%2F"
    assert client.post("/security/again/", {"proof": "wrong"}).status_code == 422
    assert Authenticator.objects.filter(user=user).count() == 2

    assert client.post("/security/again/", {"proof": PASSWORD})["Location"] == "/security/"
    assert client.post("/security/app/", {"_method": "delete"})["Location"] == "/security/"
    assert Authenticator.objects.filter(user=user).count() == 0


def test_new_recovery_codes_replace_the_old_ones() -> None:
    user, old = make_protected()

    _fact, new = make_recovery_codes(by=own(user), at=NOON)

    assert set(old).isdisjoint(new)
    with pytest.raises(WrongCode):
        pass_second_factor(by=SYSTEM, user_id=user.pk, code=old[0], method="password", address="", at=now())


def test_a_role_that_needs_a_second_factor_sets_it_up_before_anything_else(client: Client) -> None:
    admin, _codes = make_protected()
    budi = make_user("budi@example.com", "staff")
    require_two_factor(by=own(admin), roles=["staff"], at=NOON)

    assert give_password(client, budi, "/preferences/") == "/security/"
    assert client.get("/preferences/")["Location"] == "/security/"
    assert "Your role needs a second factor" in client.get("/security/").content.decode()
    client.get("/security/app/")
    secret = unseal(client.session["sign_in.app_secret"])
    client.post("/security/app/", {"code": format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30))})

    assert client.get("/preferences/").status_code == 200
    with pytest.raises(SecondFactorRequired):
        turn_off_app(by=own(budi), at=NOON)
    assert Authenticator.objects.filter(user=budi).count() == 2


def test_a_rule_signs_out_whoever_has_no_second_factor_yet(client: Client) -> None:
    admin, _codes = make_protected()
    budi = make_user("budi@example.com", "staff")
    give_password(client, budi)
    assert client.get("/preferences/").status_code == 200

    require_two_factor(by=own(admin), roles=["staff"], at=NOON)

    assert client.get("/preferences/").status_code == 302


def test_an_administrator_does_not_shut_themselves_out() -> None:
    with pytest.raises(OwnSecondFactorFirst):
        require_two_factor(by=own(make_user()), roles=["administrator"], at=NOON)


def test_resetting_takes_every_factor_and_session_away(client: Client) -> None:
    make_protected("admin@example.com")
    user, codes = make_protected("budi@example.com", "staff")
    give_password(client, user)
    client.post("/sign-in/code/", {"code": codes[0]})

    with pytest.raises(Forbidden):
        reset_two_factor(by=make_actor("manager"), user_id=user.pk, at=NOON)
    reset_two_factor(by=SYSTEM, user_id=user.pk, at=NOON)

    assert client.get("/preferences/").status_code == 302
    assert give_password(client, user) == "/"
    assert facts_recorded("platform.two_factor_changed")[-1:] == ["platform.two_factor_changed"]


def test_whoever_signs_in_as_somebody_else_starts_afresh(client: Client) -> None:
    user, codes = make_protected()
    give_password(client, user)

    client.get("/sign-in/")

    assert client.post("/sign-in/code/", {"code": codes[0]})["Location"] == "/sign-in/"


def test_an_administrator_resets_on_the_page_of_the_person(client: Client) -> None:
    admin, codes = make_protected("admin@example.com")
    user, _codes = make_protected("budi@example.com", "staff")
    give_password(client, admin)
    client.post("/sign-in/code/", {"code": codes[0]})
    assert "Reset the second factor" in client.get(f"/users/{user.pk}/").content.decode()

    client.post(f"/users/{user.pk}/two-factor/", {"_method": "delete"})

    assert "Reset the second factor" not in client.get(f"/users/{user.pk}/").content.decode()


def test_first_proofs_look_alike_to_who_does_not_know_the_password(client: Client) -> None:
    make_protected()

    answer = client.post("/sign-in/", {"email": "sari@example.com", "password": "wrong"})

    assert answer.status_code == 422
    assert "The e-mail address or the password is not right." in answer.content.decode()
    assert facts_recorded(SecondFactorAsked.fact_kind) == []  # type: ignore[attr-defined]


def test_a_sealed_secret_opens_only_with_its_key(settings: object) -> None:
    sealed = seal("rahasia")

    assert "rahasia" not in sealed
    assert unseal(sealed) == "rahasia"
    settings.SECRET_KEY = "another" * 8  # type: ignore[attr-defined]
    with pytest.raises(SealedElsewhere):
        unseal(sealed)
