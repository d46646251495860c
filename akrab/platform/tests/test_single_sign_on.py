"""Signing in through a real OpenID Connect exchange with a provider on loopback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.test.utils import override_settings

from akrab.platform.actor import SYSTEM
from akrab.platform.models import Setting, User
from akrab.platform.operations.sign_in_rules import GivenByEnvironment, require_two_factor, set_provider
from akrab.platform.operations.users import change_user, create_user
from akrab.platform.queries.sign_in_rules import PROVIDER, single_sign_on
from akrab.platform.refusal import Forbidden, Invalid
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor
from akrab.platform.tests.identity_provider import CLIENT, SECRET, Provider, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as one:
        enter(one)
        yield one


def enter(provider: Provider, **more: Any) -> None:
    given = {"name": "Toko", "client_id": CLIENT, "secret": SECRET, "domains": ["toko.example"], "role": "analyst", **more}
    set_provider(by=SYSTEM, address=provider.url, at=NOON, **given)


def walk(client: Client, **changed: str) -> Any:
    """The way of a browser: to the provider, back with its answer, and on."""
    there = client.get("/sign-in/company/?next=/preferences/")
    parts = urlsplit(there["Location"])
    connection = HTTPConnection(parts.netloc)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    shown = client.get(f"{back.path}?{back.query}").content.decode()
    given = dict(re.findall(r'<input type="hidden" name="(code|state)" value="([^"]+)"', shown))
    return client.post("/sign-in/company/answer/", given | changed)


def test_a_new_colleague_of_the_domain_gets_an_account_with_the_usual_role(client: Client, provider: Provider) -> None:
    answer = walk(client)

    user = User.objects.get(email="rina@toko.example")
    assert answer["Location"] == "/preferences/"
    assert (user.role, user.name, user.has_usable_password()) == ("analyst", "Rina Wijaya", False)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert facts_recorded() == [
        "platform.sign_in_rules_changed", "platform.user_created", "platform.provider_linked", "platform.signed_in",
    ]  # fmt: skip


def test_the_way_there_carries_state_and_a_pkce_challenge(client: Client, provider: Provider) -> None:
    asked = parse_qs(urlsplit(client.get("/sign-in/company/")["Location"]).query)

    assert asked["redirect_uri"] == ["http://testserver/sign-in/company/answer/"]
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert len(asked["state"][0]) == 16


def test_the_same_person_keeps_the_account_when_the_address_changes(client: Client, provider: Provider) -> None:
    walk(client)
    provider.person = {"sub": "7001", "email": "rina.baru@toko.example", "email_verified": True}

    walk(Client())

    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_an_existing_account_is_tied_by_a_verified_address_only(client: Client, provider: Provider) -> None:
    create_user(by=SYSTEM, email="rina@toko.example", role="manager", at=NOON)
    provider.person["email_verified"] = False
    refused = walk(client)
    provider.person["email_verified"] = True

    walk(client)

    assert refused["Location"] == "/sign-in/"
    assert list(User.objects.values_list("role", flat=True)) == ["manager"]
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "1", "email": "x@elsewhere.example", "email_verified": True},
        {"sub": "1", "email": "x@toko.example", "email_verified": False},
        {"sub": "1"},
    ],
)
def test_strangers_stay_outside(client: Client, provider: Provider, person: dict[str, Any]) -> None:
    provider.person = person

    answer = walk(client)

    assert answer["Location"] == "/sign-in/"
    assert User.objects.count() == 0
    assert "_auth_user_id" not in client.session


def test_addresses_of_a_provider_of_ones_own_need_no_verifying(client: Client, provider: Provider) -> None:
    provider.person = {"sub": "1", "email": "x@toko.example"}
    walk(client)
    assert User.objects.count() == 0

    enter(provider, trusts_addresses=True)
    walk(client)

    assert User.objects.get().email == "x@toko.example"


def test_a_switched_off_account_stays_outside(client: Client, provider: Provider) -> None:
    walk(client)
    change_user(by=SYSTEM, user_id=User.objects.get().pk, at=NOON, is_active=False)

    assert walk(Client())["Location"] == "/sign-in/"


def test_a_token_for_somebody_else_or_signed_by_somebody_else_is_refused(client: Client, provider: Provider) -> None:
    provider.audience = "another-program"
    walk(client)
    provider.audience, provider.signing_key = CLIENT, 2
    walk(client)

    assert User.objects.count() == 0


def test_an_answer_works_once_and_only_in_its_browser(client: Client, provider: Provider) -> None:
    strange = walk(client, state="0123456789abcdef")
    forged = Client().post("/sign-in/company/answer/", {"code": "x", "state": "y"})

    assert (strange["Location"], forged["Location"]) == ("/sign-in/", "/sign-in/")
    assert User.objects.count() == 0


def test_a_provider_that_is_down_is_told_to_the_person(client: Client, provider: Provider) -> None:
    enter(provider)
    set_provider(
        by=SYSTEM, name="Toko", address="http://127.0.0.1:9", client_id=CLIENT, domains=[], role="staff", at=NOON
    )  # fmt: skip

    answer = client.get("/sign-in/company/", follow=True)

    assert "The sign-in provider did not answer as it should." in answer.content.decode()


def test_the_secret_is_sealed_and_stays_when_left_empty(provider: Provider) -> None:
    enter(provider, secret="")

    assert SECRET not in str(Setting.objects.get(name=PROVIDER).value)
    kept = single_sign_on()
    assert kept is not None
    assert kept.secret == SECRET
    assert SECRET not in repr(kept)


def test_the_environment_goes_before_the_page(provider: Provider) -> None:
    given = {
        "name": "Env", "address": "https://id.example", "client_id": "c", "open_secret": "s", "domains": (), "role": "staff",
    }  # fmt: skip
    with override_settings(SINGLE_SIGN_ON=given):
        rules = single_sign_on()
        with pytest.raises(GivenByEnvironment):
            enter(provider)

    assert rules is not None
    assert (rules.name, rules.secret, rules.from_environment) == ("Env", "s", True)


def test_only_administrators_set_rules_and_only_to_https(provider: Provider) -> None:
    with pytest.raises(Forbidden):
        require_two_factor(by=make_actor("manager"), roles=["staff"], at=NOON)
    with pytest.raises(Invalid):
        set_provider(by=SYSTEM, name="x", address="http://id.example", client_id="c", domains=[], role="staff", at=NOON)


def test_who_proved_it_there_is_not_asked_for_a_second_factor_here(client: Client, provider: Provider) -> None:
    require_two_factor(by=SYSTEM, roles=["analyst"], at=NOON)

    assert walk(client)["Location"] == "/preferences/"
    assert client.get("/preferences/").status_code == 200
