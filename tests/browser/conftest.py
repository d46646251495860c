"""One Chromium and one server for all browser tests of a worker."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser
from pytest_django.plugin import DjangoDbBlocker

from akrab.platform.tests import databases
from akrab.platform.tests.plugin import HOME, RUN, WORKER
from tests.browser.site import Site, chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Chromium of the system if there is one, else the one that `playwright install chromium` brings."""
    return {"args": FLAGS} | ({"executable_path": path} if (path := chromium()) else {})


@contextmanager
def started(name: str, browser: Browser, blocker: DjangoDbBlocker) -> Iterator[Site]:
    database = databases.name_of(RUN, f"{WORKER}_{name}_{os.getpid()}")
    home = HOME / name
    home.mkdir(parents=True, exist_ok=True)
    databases.clone(database)
    site = Site(database, blocker, browser, home)
    yield site
    site.stop()
    databases.drop(database)


@pytest.fixture(scope="session")
def running_site(browser: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with started("browser", browser, django_db_blocker) as site:
        yield site


@pytest.fixture(scope="session")
def demo_site(browser: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """A site with a small demo company and its figures."""
    with started("demo", browser, django_db_blocker) as site:
        site.akrab("demo", "load", "--customers", "60", "--years", "1", "--json")
        site.akrab("insight", "refresh", "--json")
        yield site


@pytest.fixture
def site(running_site: Site) -> Iterator[Site]:
    """The running Akrab; a console error, a script error or a refused style in any page fails the test."""
    yield running_site
    assert running_site.close_pages() == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed browser test shows the end of the server's log."""
    report = yield
    site = getattr(item, "funcargs", {}).get("site")
    if isinstance(site, Site) and report.failed and (log := site.said()):
        report.sections.append(("server", log))
    return report
