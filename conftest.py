"""The project's test database in place of pytest-django's own, which would win as the plugin loaded later."""

import pytest

from akrab.platform.tests.plugin import django_db_setup

__all__ = ["django_db_setup"]

COSTLY = {"spark": "spark", "demo_site": "demo", "running_site": "browser"}
"""Fixtures that take long to make: what needs one of them runs in one process, which makes it once and starts first."""


def pytest_itemcollected(item: pytest.Item) -> None:
    needs = getattr(item, "fixturenames", ())
    for fixture, group in COSTLY.items():
        if fixture in needs:
            item.add_marker(pytest.mark.xdist_group(group))
