"""What insight does while nobody is watching: fresh figures every night, and when somebody asks.

The work runs in a program of its own, so that the analytics libraries and their memory leave with it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime

from akrab.customers.public import ErasureCompleted
from akrab.insight.facts import RefreshRequested
from akrab.platform.delivery import every, on

TIMEOUT_SECONDS = 6 * 3600


@every("40 18 * * *")
def refresh_nightly(at: datetime) -> None:
    """At 01:40 in Jakarta."""
    run_refresh()


@on(RefreshRequested)
def refresh_on_request(facts: Sequence[RefreshRequested]) -> None:
    """Once, however many asked."""
    run_refresh()


@on(ErasureCompleted)
def refresh_after_erasure(facts: Sequence[ErasureCompleted]) -> None:
    """Reports that listed somebody who was erased are made again without them."""
    run_refresh()


def run_refresh() -> None:
    command = [sys.executable, "-m", "akrab.cli.main", "insight", "refresh", "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS)
