"""Statements that take too long are stopped, and the reader is told what to do."""

from __future__ import annotations

import pytest
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from akrab.config import urls as real_urls
from akrab.platform.patience import bound_statements
from akrab.platform.web import Request, resource

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def waits(request: Request) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse("done")


handler500 = real_urls.handler500
urlpatterns = [path("waits/", resource(get=waits, public=True)), *real_urls.urlpatterns]


def test_a_page_that_waits_too_long_says_what_to_do(client: Client) -> None:
    response = client.get("/waits/")

    assert response.status_code == 503
    assert "Narrow the search" in response.content.decode()


def test_new_connections_of_a_bounded_process_carry_the_limit() -> None:
    parts = connections.settings["default"]
    before = parts["OPTIONS"]
    try:
        bound_statements(1234)
        fresh = connections.create_connection("default")
        with fresh.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("1234ms",)
        fresh.close()
    finally:
        parts["OPTIONS"] = before
