"""What the customers room does while nobody is watching: stages age, erasures are finished, retention rules propose."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime

from akrab.customers.facts import CustomerErased
from akrab.customers.operations.merging import TABLE, take_back_merges
from akrab.customers.operations.retaining import propose_erasures
from akrab.customers.operations.staging import age_stages
from akrab.customers.operations.trashing import empty_trash
from akrab.platform.actor import SYSTEM
from akrab.platform.delivery import every, on
from akrab.platform.journal.declaring import takes_back

TIMEOUT_SECONDS = 6 * 3600

takes_back(TABLE)(take_back_merges)


@every("10 17 * * *")
def age_customer_stages(at: datetime) -> None:
    """Each night (00:10 in Jakarta), in slices, until nobody is left to move."""
    while age_stages(by=SYSTEM, at=at):
        continue


@every("30 17 * * *")
def empty_customer_trash(at: datetime) -> None:
    """Each night, in slices."""
    while empty_trash(by=SYSTEM, at=at):
        continue


@on(CustomerErased)
def finish_erasures_of(facts: Sequence[CustomerErased]) -> None:
    """Files and lake, in a program of its own, so that the analytics libraries leave with it."""
    command = [sys.executable, "-m", "akrab.cli.main", "privacy", "finish", "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS)


@every("20 17 * * *")
def propose_erasures_nightly(at: datetime) -> None:
    """At 00:20 in Jakarta; people decide in the morning."""
    propose_erasures(by=SYSTEM, at=at)
