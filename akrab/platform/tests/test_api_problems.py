"""Everything that goes wrong over HTTP is a problem document with a stable code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from akrab.platform.tests.programs import Program, make_program, problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Program:
    return make_program()


@pytest.mark.parametrize("path", ["/nothing", "/customers/", "/customers/not-an-id", "", "/"])
def test_an_unknown_address_is_a_problem_too(program: Program, path: str) -> None:
    assert problem_of(program.ask("GET", path)) == (404, "not_found")


def test_a_record_that_is_not_there(program: Program) -> None:
    assert problem_of(program.ask("GET", "/customers/01890000-0000-7000-8000-000000000000")) == (404, "not_found")


def test_a_method_that_an_address_does_not_take(program: Program) -> None:
    response = program.ask("DELETE", "/customers")

    assert problem_of(response) == (405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_head_answers_like_get_without_a_body(program: Program) -> None:
    response = program.ask("HEAD", "/me")

    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"name": "a"', b"\xff\xfe", b'{"name": NaN}', b"[" * 100_000, b'{"name": "a"}}', b"nul\0l"],
)
def test_a_body_that_is_not_json(program: Program, body: bytes) -> None:
    assert problem_of(program.ask("POST", "/customers", body)) == (400, "malformed_json")


@pytest.mark.parametrize("body", [{"name": "a\0b"}, {"name": "\ud800"}, {"na\0me": "a"}])
def test_texts_that_no_database_keeps(program: Program, body: Any) -> None:
    assert problem_of(program.ask("POST", "/customers", body)) == (422, "nul_character")


@pytest.mark.parametrize("path", ["/customers?q=%00", "/customers/by/phone/%00", "/%00"])
def test_nul_characters_in_an_address(program: Program, path: str) -> None:
    assert problem_of(program.ask("GET", path)) == (422, "nul_character")


def test_a_backslash_u0000_in_words_is_only_words(program: Program) -> None:
    saved = program.sends("/customers", {"name": r"a\u0000b"})

    assert saved["name"] == r"a\u0000b"


@pytest.mark.parametrize("body", [[], "text", 3, None, True])
def test_a_body_of_another_shape(program: Program, body: Any) -> None:
    response = program.ask("POST", "/customers", json.dumps(body).encode())

    assert problem_of(response) == (422, "invalid")


def test_a_body_in_another_format(program: Program) -> None:
    response = program.ask("POST", "/customers", b"name=Budi", "application/x-www-form-urlencoded")

    assert problem_of(response) == (415, "unsupported_media_type")


def test_a_body_that_is_too_large(program: Program, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    response = program.ask("POST", "/receipts:batch", b"[" + b" " * 2000 + b"]")

    assert problem_of(response) == (413, "too_large")


def test_each_wrong_field_is_named_by_its_path(program: Program) -> None:
    receipt = {
        "branch": "A",
        "number": "1",
        "currency": "IDR",
        "occurred_at": "noon",
        "lines": [{"unit_price": "1"}, {"unit_price": "much"}],
    }

    response = program.ask("POST", "/receipts", receipt)

    assert problem_of(response) == (422, "invalid")
    assert {one["field"].split("[function")[0] for one in response.json()["errors"]} >= {"lines[1].unit_price"}


def test_a_wrong_parameter_is_named(program: Program) -> None:
    response = program.ask("GET", "/customers?limit=many")

    assert problem_of(response) == (422, "invalid")
    assert [one["field"] for one in response.json()["errors"]] == ["limit"]


def test_what_nobody_foresaw_gets_a_reference_and_keeps_its_secrets(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_what: Any) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("akrab.platform.api.me.get_key", fail)

    response = program.ask("GET", "/me")

    assert problem_of(response) == (500, "failed")
    assert b"hunter2" not in response.content
    assert len(response.json()["reference"]) == 12


def test_refusals_speak_the_language_that_is_asked_for(program: Program) -> None:
    response = program.ask("GET", "/nothing", Accept_Language="id")

    assert response.json()["code"] == "not_found"
    assert response.headers["Content-Type"] == "application/problem+json"


def test_answers_are_not_kept_by_caches_and_never_sniffed(program: Program) -> None:
    headers = program.ask("GET", "/me").headers

    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert "Set-Cookie" not in headers


def test_a_read_never_writes(program: Program, django_assert_num_queries: Any) -> None:
    program.reads("/me")

    with django_assert_num_queries(2) as asked:
        program.reads("/me")

    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)
