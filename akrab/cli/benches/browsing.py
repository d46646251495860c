"""A signed-in browser inside this process: the whole Django stack without a network."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from akrab.cli.benches.measure import Timing, timed
from akrab.platform.models import User


def empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


urlpatterns = [path("empty/", empty)]


class Refused(Exception):
    """A page did not answer with 200."""


@contextmanager
def visitor() -> Iterator[Client]:
    """A browser signed in as an administrator who is gone afterwards, whatever host names this installation answers to."""
    email = f"bench-{secrets.token_hex(4)}@akrab.example"
    person = User.objects.create(email=email, name="Bench", role="administrator")
    client = Client(raise_request_exception=True)
    client.force_login(person)
    try:
        with override_settings(ALLOWED_HOSTS=["*"]):
            yield client
    finally:
        client.logout()
        person.delete()


def page_timing(client: Client, address: str, *, times: int = 40, headers: dict[str, str] | None = None) -> Timing:
    def ask() -> None:
        answer: Any = client.get(address, headers=headers)
        if answer.status_code != 200:
            raise Refused(f"{address} answered {answer.status_code}")
        b"".join(answer) if answer.streaming else answer.content

    return timed(ask, times=times)


def empty_timing(client: Client, *, times: int = 100) -> Timing:
    """An empty answer through the same middleware, with the session read and the person found."""
    with override_settings(ROOT_URLCONF=__name__):
        return page_timing(client, "/empty/", times=times)
