"""Keys at the API's door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM, Actor
from akrab.platform.api import keys
from akrab.platform.models import Token, User
from akrab.platform.operations.tokens import create_token, revoke_token
from akrab.platform.refusal import Forbidden, Invalid
from akrab.platform.tests.factories import facts_recorded
from akrab.platform.tests.programs import Program, make_program, problem_of

pytestmark = pytest.mark.django_db


def test_a_key_opens_the_door_and_says_whose_it_is() -> None:
    program = make_program("staff")

    me = program.reads("/me")

    assert (me["person"]["role"], me["key"]["name"], me["key"]["scopes"]) == ("staff", "till", [])


def test_only_the_hash_of_a_key_is_kept() -> None:
    user = User.objects.create(email="ann@example.test")

    secret, _fact = create_token(by=SYSTEM, user_id=user.pk, at=now())

    kept = Token.objects.values().get()
    assert secret not in str(kept)
    assert (len(secret), len(kept["token_hash"]), kept["prefix"]) == (49, 64, secret[:12])


def test_without_a_key_nothing_is_told() -> None:
    response = Program().ask("GET", "/customers")

    assert problem_of(response) == (401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("secret", ["akrab_wrong", "x" * 5000, "akrab_ünïcode"])
def test_a_key_that_is_not_known_is_refused(secret: str) -> None:
    assert problem_of(Program(secret).ask("GET", "/me")) == (401, "key_unknown")


def test_an_expired_key_is_refused() -> None:
    program = make_program(expires_at=now() - timedelta(seconds=1))

    assert problem_of(program.ask("GET", "/me")) == (401, "key_expired")


def test_a_revoked_key_stops_at_once() -> None:
    program = make_program()
    assert program.token_id
    program.reads("/me")

    revoke_token(by=SYSTEM, token_id=program.token_id, at=now())

    assert problem_of(program.ask("GET", "/me")) == (401, "key_revoked")
    assert facts_recorded("platform.token") == ["platform.token_created", "platform.token_revoked"]


def test_the_keys_of_somebody_who_left_stop() -> None:
    assert problem_of(make_program(is_active=False).ask("GET", "/me")) == (401, "key_revoked")


def test_a_key_may_no_more_than_its_scopes() -> None:
    program = make_program("administrator", scopes=["customers.view_*"])

    assert program.reads("/customers") == {"items": [], "next": None}
    assert problem_of(program.ask("POST", "/customers", {"name": "Budi"})) == (403, "forbidden")
    assert problem_of(program.ask("GET", "/receipts")) == (403, "forbidden")


def test_a_key_may_no_more_than_its_person() -> None:
    program = make_program("readonly", scopes=["*"])

    assert problem_of(program.ask("POST", "/customers", {"name": "Budi"})) == (403, "forbidden")


def test_a_key_cannot_make_a_wider_key() -> None:
    user = User.objects.create(email="ann@example.test", role="administrator")
    narrow = Actor("key", "k", "Key", "administrator", "api", scopes=("platform.*",))

    with pytest.raises(Forbidden):
        create_token(by=narrow, user_id=user.pk, at=now(), scopes=["customers.*"])
    with pytest.raises(Forbidden):
        create_token(by=narrow, user_id=user.pk, at=now())

    assert not Token.objects.exists()


def test_nobody_makes_or_revokes_the_keys_of_others() -> None:
    ann = User.objects.create(email="ann@example.test", role="staff")
    bob = Actor("person", "bob", "Bob", "staff", "page")
    _secret, fact = create_token(by=SYSTEM, user_id=ann.pk, at=now())

    with pytest.raises(Forbidden):
        create_token(by=bob, user_id=ann.pk, at=now())
    with pytest.raises(Forbidden):
        revoke_token(by=bob, token_id=fact.token_id, at=now())

    assert Token.objects.get().revoked_at is None


def test_a_scope_is_a_verb_or_a_pattern_of_verbs() -> None:
    user = User.objects.create(email="ann@example.test")

    with pytest.raises(Invalid):
        create_token(by=SYSTEM, user_id=user.pk, at=now(), scopes=["everything"])


def test_the_use_of_a_key_is_noted_after_the_answer_and_once_a_minute() -> None:
    program = make_program()
    program.reads("/me")
    first = Token.objects.get().last_used_at

    program.reads("/me")

    assert first is not None
    assert Token.objects.get().last_used_at == first


def test_a_key_that_asks_too_often_has_to_wait(settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    program = make_program()

    answers = [program.ask("GET", "/me") for _time in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one.headers["RateLimit-Remaining"] for one in answers[:2]] == ["1", "0"]
    assert problem_of(answers[2]) == (429, "too_many_requests")
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    keys._windows.clear()


def test_a_key_made_on_the_page_says_what_it_may(client: Client) -> None:
    user = User.objects.create(email="ann@example.test", role="staff")
    client.force_login(user)

    silent = client.post("/keys/", {"name": "till", "days": "365"})
    assert (silent.status_code, Token.objects.count(), facts_recorded()) == (422, 0, [])

    client.post("/keys/", {"name": "till", "days": "365", "scopes": ["commerce.record_receipts"]})
    client.post("/keys/", {"name": "mine", "days": "365", "scopes": ["*", "customers.*"]})
    assert dict(Token.objects.values_list("name", "scopes")) == {"till": ["commerce.record_receipts"], "mine": []}
