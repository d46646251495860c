"""A POST with an `Idempotency-Key` happens once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from akrab.platform.actor import SYSTEM, command_actor
from akrab.platform.bulk import fetch
from akrab.platform.models import IdempotencyKey, User
from akrab.platform.operations.forgetting import forget_idempotency_keys
from akrab.platform.operations.tokens import create_token
from akrab.platform.tests.programs import Program, make_program, problem_of

KEY = {"Idempotency_Key": "till-7-000123"}


def customers() -> int:
    return int(fetch("SELECT count(*) FROM customers_customer")[0][0])


@pytest.mark.django_db
def test_the_same_request_again_gets_the_first_answer_byte_for_byte() -> None:
    program = make_program()
    first = program.ask("POST", "/customers", {"name": "Budi"}, **KEY)

    again = program.ask("POST", "/customers", {"name": "Budi"}, **KEY)

    assert (first.status_code, again.status_code, customers()) == (201, 201, 1)
    assert again.content == first.content
    assert [again.headers[name] for name in ("ETag", "Location", "Idempotency-Replayed")] == [
        first.headers["ETag"],
        first.headers["Location"],
        "true",
    ]


@pytest.mark.django_db
def test_another_request_under_the_same_key_is_refused() -> None:
    program = make_program()
    program.sends("/customers", {"name": "Budi"}, **KEY)

    body = program.ask("POST", "/customers", {"name": "Ann"}, **KEY)
    path = program.ask("POST", "/customers:batch", {"name": "Budi"}, **KEY)

    assert problem_of(body) == problem_of(path) == (409, "idempotency_key_reused")
    assert customers() == 1


@pytest.mark.django_db
def test_keys_belong_to_a_person() -> None:
    for program in (make_program(), make_program()):
        program.sends("/customers", {"name": "Budi"}, **KEY)

    assert customers() == 2


@pytest.mark.django_db
def test_a_refused_request_leaves_its_key_free() -> None:
    program = make_program()
    refused = program.ask("POST", "/customers", {"email": "nobody"}, **KEY)

    taken = program.ask("POST", "/customers", {"email": "budi@example.test"}, **KEY)

    assert (refused.status_code, taken.status_code, customers()) == (422, 201, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 201, "a\x07b"])
def test_a_key_has_1_to_200_visible_characters(key: str) -> None:
    response = make_program().ask("POST", "/customers", {"name": "Budi"}, Idempotency_Key=key)

    assert problem_of(response) == (400, "idempotency_key_invalid")
    assert customers() == 0


@pytest.mark.django_db
def test_keys_are_forgotten_after_ninety_days() -> None:
    make_program().sends("/customers", {"name": "Budi"}, **KEY)

    forget_idempotency_keys(by=SYSTEM, before=now() - timedelta(days=90))
    kept = IdempotencyKey.objects.count()
    # ids only grow within a process, and another test may have worked in the future
    forget_idempotency_keys(by=SYSTEM, before=now() + timedelta(days=36500))

    assert (kept, IdempotencyKey.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_repeats_at_once_make_one_row() -> None:
    program = make_program()

    def send(_number: int) -> tuple[int, bytes]:
        try:
            response = program.ask("POST", "/customers", {"name": "Budi"}, **KEY)
            return response.status_code, response.content
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(100)))

    assert customers() == 1
    assert len(set(answers)) == 1
    assert answers[0][0] == 201


@pytest.mark.django_db
def test_a_repeat_asks_again_what_the_first_request_needed_to_be_allowed() -> None:
    program = make_program("manager")
    first = program.ask("POST", "/customers", {"name": "Budi"}, **KEY)
    User.objects.update(role="readonly")

    refused = program.ask("POST", "/customers", {"name": "Budi"}, **KEY)
    User.objects.update(role="staff")
    allowed = program.ask("POST", "/customers", {"name": "Budi"}, **KEY)

    assert problem_of(refused) == (403, "forbidden")
    assert b"Budi" not in refused.content
    assert (allowed.content, allowed.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert customers() == 1


@pytest.mark.django_db
def test_a_repeat_with_a_narrower_key_of_the_same_person_is_refused() -> None:
    program = make_program("manager")
    program.sends("/customers", {"name": "Budi"}, **KEY)
    user = User.objects.get()
    secret, _fact = create_token(by=command_actor(), user_id=user.pk, at=now(), name="reader", scopes=["commerce.*"])

    assert problem_of(Program(secret).ask("POST", "/customers", {"name": "Budi"}, **KEY)) == (403, "forbidden")
    assert customers() == 1
