"""Gives every test run its own home and databases on a private PostgreSQL kept under `.cache/`.

The environment is set when this module is imported, before Django reads its settings (`-p akrab.platform.tests.plugin`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from akrab.platform.database.lease import Lease
from akrab.platform.tests import databases

RUN = os.environ.setdefault("AKRAB_TEST_RUN", str(os.getpid()))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
HOME = databases.CACHE / "homes" / RUN / WORKER
KEPT = {"AKRAB_DATA_DIR", "AKRAB_TEST_RUN", "AKRAB_TEST_TEMPLATE"}


def settle_environment() -> None:
    """The same settings for everyone, whatever the developer's shell says."""
    for name in [name for name in os.environ if name.startswith("AKRAB_") and name not in KEPT]:
        del os.environ[name]
    os.environ |= {
        "AKRAB_HOME": str(HOME),
        "AKRAB_SECRET_KEY": "only-for-tests-" * 4,
        "AKRAB_DATABASE_URL": databases.CLUSTER.url(databases.name_of(RUN, WORKER)),
        "AKRAB_LOG_LEVEL": "WARNING",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright runs a loop in the test's thread
    }
    (HOME / "static").mkdir(parents=True, exist_ok=True)


settle_environment()
LEASE = pytest.StashKey[Lease]()


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    config.stash[LEASE] = Lease(databases.CLUSTER)
    databases.sweep()
    databases.ensure_template()


def pytest_unconfigure(config: pytest.Config) -> None:
    if LEASE not in config.stash:
        return
    databases.drop_run(RUN)
    config.stash[LEASE].release()
    shutil.rmtree(HOME.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Each worker's database is a clone of the migrated template."""
    databases.clone(databases.name_of(RUN, WORKER))
    with pytest.MonkeyPatch.context() as patch:
        # a changed database is cloned anew instead of flushed: the flush knows neither partitions nor jobs
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: None)
        yield
    with django_db_blocker.unblock():
        connections.close_all()
    databases.drop(databases.name_of(RUN, WORKER))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    yield
    if changes_database(item):
        renew_database()


def renew_database() -> None:
    connections.close_all()
    databases.clone(databases.name_of(RUN, WORKER))
    forget_partitions()


def forget_partitions() -> None:
    """The clone has no partitions but those of the template, whatever this process remembers."""
    from akrab.platform import facts
    from akrab.platform.journal import entries

    facts._months.clear()
    entries._months.clear()


def changes_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(marker and marker.kwargs.get("transaction")) or bool(fixtures & {"transactional_db", "live_server"})


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Hashing a password is costly by design; tests hash hundreds."""
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


@pytest.fixture(scope="module")
def shared_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For fixtures of a module: what they commit is there for each of its tests, whose own changes are undone as usual."""
    with django_db_blocker.unblock():
        yield
    with django_db_blocker.unblock():
        renew_database()


@pytest.fixture
def fresh_database() -> Iterator[str]:
    """The address of a migrated, empty database for programs that a test starts."""
    name = databases.name_of(RUN, f"{WORKER}_fresh_{os.urandom(3).hex()}")
    databases.clone(name)
    yield databases.CLUSTER.url(name)
    databases.drop(name)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data sets, which are never part of the project; the test is skipped without it."""
    if not databases.DATA.is_dir():
        pytest.skip("needs the real data sets: set AKRAB_DATA_DIR to their folder")
    return databases.DATA
