"""Benchmarks run on whatever home there is, or say what they miss."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from typer.testing import CliRunner

from akrab.cli.bench import NothingToMeasure, app
from akrab.cli.benches.browsing import empty_timing, visitor
from akrab.platform.models import User

pytestmark = pytest.mark.django_db


def test_the_visitor_of_a_benchmark_is_answered_whatever_the_host_is_called(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["crm.example"]

    with visitor() as client:
        timing = empty_timing(client, times=2)

    assert timing.queries == 2
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["list", "search", "profile", "api", "lake", "metrics"])
def test_without_customers_a_benchmark_says_what_to_do_first(name: str) -> None:
    said = CliRunner().invoke(app, [name, "--json"])

    assert isinstance(said.exception, NothingToMeasure)
    assert "akrab demo load" in str(said.exception)
