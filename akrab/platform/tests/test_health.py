"""What machines that watch are told."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_migrated_database_is_ready(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": True, "migrations": True, "queue": True}


def test_metrics_are_given_to_this_machine(client: Client) -> None:
    answer = client.get("/metrics", REMOTE_ADDR="127.0.0.1")

    assert answer.status_code == 200
    assert b'akrab_jobs{state="failed"} 0.0' in answer.content


@pytest.mark.parametrize(("address", "headers"), [("10.0.0.7", {}), ("127.0.0.1", {"X-Forwarded-For": "10.0.0.7"})])
def test_metrics_are_refused_to_other_machines(client: Client, address: str, headers: dict[str, str]) -> None:
    answer = client.get("/metrics", REMOTE_ADDR=address, headers=headers)

    assert answer.status_code == 403
    assert b"akrab_jobs" not in answer.content


def test_metrics_are_given_for_the_token(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "a-token"

    answer = client.get("/metrics", REMOTE_ADDR="10.0.0.7", HTTP_AUTHORIZATION="Bearer a-token")

    assert answer.status_code == 200


def test_a_request_gets_an_id_and_keeps_one_it_brought(client: Client) -> None:
    assert client.get("/readyz", HTTP_X_REQUEST_ID="abcd-1234-efgh")["X-Request-ID"] == "abcd-1234-efgh"
    assert client.get("/readyz", HTTP_X_REQUEST_ID="no\tgood")["X-Request-ID"] != "no\tgood"
