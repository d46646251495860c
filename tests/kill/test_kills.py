"""What survives when a part of a running Akrab is killed without warning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill import harness
from tests.kill.site import Site, akrab, alive, status, wait_until

pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("kill")]


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    home = folder / "home"
    home.mkdir()
    running = Site(home)
    yield running
    running.stop()


def test_a_second_start_on_the_same_home_is_refused(site: Site) -> None:
    second = akrab(site.home, "up", "--port", "0", check=False)

    assert second.returncode == 1
    assert "already runs" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_killed_child_comes_back(site: Site, part: str) -> None:
    killed = site.kill(part)

    wait_until(lambda: site.pid_of(part) not in {0, killed}, f"there is a new {part}")
    wait_until(lambda: site.answers("/readyz"), "requests are answered")
    wait_until(lambda: site.figure("akrab_workers") >= 1, "a worker shows signs of life")


def test_a_killed_database_comes_back(site: Site) -> None:
    killed = site.kill("database")

    wait_until(lambda: site.pid_of("database") not in {0, killed}, "there is a new database server")
    wait_until(lambda: site.answers("/readyz"), "requests are answered")


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_works(site: Site) -> None:
    parts = [site.pid_of(part) for part in ("web", "worker", "database")]

    site.kill("supervisor")
    site.process.wait()

    wait_until(lambda: not any(alive(pid) for pid in parts), "the children have left")
    site.come_back()
    assert site.answers("/healthz")


def test_a_stop_is_clean(site: Site) -> None:
    parts = [site.pid_of(part) for part in ("web", "worker", "database")]

    assert site.stop() == 0

    assert not any(alive(pid) for pid in parts)
    assert status(site.home)["running"] is False


def test_kills_during_an_import_leave_the_same_state(folder: Path) -> None:
    outcome = harness.run(folder=folder, kills=4, seed=1, receipts=3000)

    assert outcome.kills == 4
    assert outcome.differences == []
