"""The OpenAPI document and its page."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from akrab.config.api import api
from akrab.platform.tests.programs import make_program

METHODS = {"get", "post", "put", "patch", "delete"}


def operations() -> list[tuple[str, str]]:
    return [(method, path) for path, methods in api.document["paths"].items() for method in methods]


def test_the_document_is_open_to_everybody(client: Client) -> None:
    response = client.get("/api/v1/openapi.json")

    assert (response.status_code, response.json()["openapi"][:2]) == (200, "3.")
    assert response.json()["paths"].keys() == api.document["paths"].keys()


def test_every_operation_has_a_name_of_its_own_and_says_how_it_refuses() -> None:
    names = [one["operationId"] for methods in api.document["paths"].values() for one in methods.values()]

    assert len(set(names)) == len(names)
    for methods in api.document["paths"].values():
        for method, operation in methods.items():
            assert method in METHODS
            assert operation["summary"]
            assert operation["description"]
            assert {401, 403, 422, 500} <= operation["responses"].keys()
            assert operation["security"] == [{"BearerKey": []}]


def test_every_post_takes_an_idempotency_key_and_every_patch_a_version() -> None:
    for path, methods in api.document["paths"].items():
        for method, operation in methods.items():
            named = {one["name"] for one in operation["parameters"]}
            assert ("Idempotency-Key" in named) == (method == "post"), path
            assert ("If-Match" in named) == (method == "patch"), path


def test_every_reference_leads_somewhere() -> None:
    text = api.document_bytes.decode()

    for kind, name in set(re.findall(r'"#/components/(\w+)/(\w+)"', text)):
        assert name in api.document["components"][kind]


OWN = "/api/v1/views/"  # everybody keeps views of their own; one that is not there is not found


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), operations())
def test_no_operation_answers_without_a_key(client: Client, method: str, path: str) -> None:
    address = re.sub(r"\{\w+\}", "01890000-0000-7000-8000-000000000000", path)

    response = client.generic(method.upper(), address.replace("/by/01890000", "/by/phone"), b"{}", "application/json")

    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), [one for one in operations() if one[0] != "get"])
def test_no_operation_writes_for_somebody_who_may_only_look(method: str, path: str) -> None:
    program = make_program("readonly")
    address = re.sub(r"\{\w+\}", "01890000-0000-7000-8000-000000000000", path).replace("/by/01890000", "/by/phone")

    response = program.generic(method.upper(), address, b'{"items": []}', "application/json")

    assert response.status_code in ({403, 422, 404} if path.startswith(OWN) else {403, 422})


@pytest.mark.django_db
def test_the_page_of_the_document_needs_no_other_host_and_no_inline_script(client: Client) -> None:
    response = client.get("/api/v1/docs")

    text = response.content.decode()
    assert response.status_code == 200
    assert "/api/v1/receipts:batch" in text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    assert not re.search(r"<script(?![^>]*(?:\ssrc=|application/json))|<style| style=| onclick=", text)
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_page_speaks_indonesian(client: Client) -> None:
    assert client.get("/api/v1/docs", headers={"Accept-Language": "id"}).headers["Content-Language"] == "id"
