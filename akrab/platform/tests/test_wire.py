"""Odd requests reach Django as what they are, or not at all."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message

from akrab.platform.tests.apart import apart
from akrab.platform.wire import expressible, whole

SCOPE = {"type": "http", "query_string": b"q=a", "headers": [(b"host", b"x")]}


def test_an_ordinary_request_is_not_copied() -> None:
    assert expressible(SCOPE) is SCOPE


def test_a_query_string_with_raw_bytes_is_escaped() -> None:
    assert expressible({**SCOPE, "query_string": "q=é".encode()})["query_string"] == b"q=%C3%A9"


def test_a_header_with_an_underscore_is_dropped() -> None:
    headers = [(b"x_request_id", b"spoofed"), (b"x-request-id", b"real")]

    assert expressible({**SCOPE, "headers": headers})["headers"] == [(b"x-request-id", b"real")]


def test_a_body_that_breaks_off_is_an_error() -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"half", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    async def read_all() -> None:
        following = whole(receive)
        await following()
        await following()

    with pytest.raises(ConnectionResetError):
        apart(lambda: asyncio.run(read_all()))
