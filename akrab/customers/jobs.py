"""What the customers room does while nobody is watching: stages age, erasures are finished, retention rules propose."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.utils.timezone import now

from akrab.customers.facts import CustomerErased, DuplicateScanAsked
from akrab.customers.forms import ChoiceForm
from akrab.customers.operations.changing_many import ManyChange, change_many
from akrab.customers.operations.merging import TABLE, take_back_merges
from akrab.customers.operations.retaining import propose_erasures
from akrab.customers.operations.staging import age_stages
from akrab.customers.operations.trashing import empty_trash
from akrab.customers.queries.listing import matching
from akrab.platform.actor import SYSTEM, Actor
from akrab.platform.delivery import every, on
from akrab.platform.journal.declaring import takes_back
from akrab.platform.listing.bulk import bulk_change, run_in_parts
from akrab.platform.models import BulkRun

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


@every("40 17 * * *")
def find_duplicates(at: datetime) -> None:
    """At 00:40 in Jakarta, in a program of its own, so that the analytics libraries leave with it."""
    scan()


@on(DuplicateScanAsked)
def find_duplicates_now(facts: Sequence[DuplicateScanAsked]) -> None:
    """However often somebody asked, once."""
    scan()


def scan() -> None:
    command = [sys.executable, "-m", "akrab.cli.main", "duplicates", "scan", "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS)


@every("20 17 * * *")
def propose_erasures_nightly(at: datetime) -> None:
    """At 00:20 in Jakarta; people decide in the morning."""
    propose_erasures(by=SYSTEM, at=at)


@bulk_change("customers")
def change_many_customers(run: BulkRun, by: Actor) -> None:
    """A change of many that somebody asked for."""
    change = ManyChange.of(run.change)

    def following(after: UUID | None, size: int) -> list[UUID]:
        if run.ids:
            return [one for one in sorted(run.ids) if after is None or one > after][:size]
        rows = matching(ChoiceForm(QueryDict(run.query)).choice(), by=by)
        rows = rows.filter(pk__gt=after) if after else rows
        return list(rows.order_by("pk").values_list("pk", flat=True)[:size])

    run_in_parts(
        run,
        by=by,
        action="customers.change_many",
        may=change.verb,
        label=str(run.total),
        following=following,
        apply=lambda ids: change_many(by=by, customer_ids=ids, change=change, at=now()),
    )
