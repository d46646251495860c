"""Changing many records: part by part in transactions of their own, under one entry of the journal, with progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from akrab.platform.actor import Actor
from akrab.platform.journal.entries import spanning
from akrab.platform.listing.bulk_models import BulkRun
from akrab.platform.live import announce
from akrab.platform.refusal import Refusal

PART = 1_000
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a change of many: how many were changed, were so already, may not be changed, or are gone."""

    changed: int = 0
    unchanged: int = 0
    forbidden: int = 0
    invalid: int = 0

    @property
    def total(self) -> int:
        return self.changed + self.unchanged + self.forbidden + self.invalid


Next = Callable[[UUID | None, int], Sequence[UUID]]
Apply = Callable[[Sequence[UUID]], Outcome]


Change = Callable[[BulkRun, Actor], None]
CHANGES: dict[str, Change] = {}


def bulk_change(name: str) -> Callable[[Change], Change]:
    """Register what carries out the queued changes of a list; a room does so in `jobs.py`."""

    def register(function: Change) -> Change:
        CHANGES[name] = function
        return function

    return register


def run_in_parts(run: BulkRun, *, by: Actor, action: str, may: str, label: str, following: Next, apply: Apply) -> BulkRun:
    """Work through a run from where it stands; a killed one goes on there, as a second entry of the journal."""
    BulkRun.objects.filter(pk=run.pk).update(status=BulkRun.Status.RUNNING)
    try:
        with spanning(by=by, action=action, may=may, subject="bulk", subject_id=run.pk, label=label) as entry:
            BulkRun.objects.filter(pk=run.pk).update(entry_id=entry.id)
            status = _parts(run, following, apply)
    except Refusal as refusal:
        return _finish(run, BulkRun.Status.FAILED, str(refusal), at=now())
    except Exception as error:
        _finish(run, BulkRun.Status.FAILED, f"{type(error).__name__}: {error}"[:2000], at=now())
        raise
    return _finish(run, status, "", at=now())


def _parts(run: BulkRun, following: Next, apply: Apply) -> str:
    while True:
        with transaction.atomic():
            fresh = BulkRun.objects.select_for_update().get(pk=run.pk)
            if fresh.cancel_asked:
                return BulkRun.Status.CANCELED
            ids = following(fresh.after, PART)
            if not ids:
                return BulkRun.Status.DONE
            came = apply(ids)
            fresh.after = ids[-1]
            fresh.changed += came.changed
            fresh.unchanged += came.unchanged
            fresh.forbidden += came.forbidden
            fresh.invalid += came.invalid
            fresh.save(update_fields=["after", "changed", "unchanged", "forbidden", "invalid"])
            announce("platform.bulk_progressed", {"id": str(run.pk)}, to=str(run.by_id))


def _finish(run: BulkRun, status: str, problem: str, *, at: datetime) -> BulkRun:
    with transaction.atomic():
        BulkRun.objects.filter(pk=run.pk).update(status=status, problem=problem, finished_at=at)
        announce("platform.bulk_progressed", {"id": str(run.pk)}, to=str(run.by_id))
    run.refresh_from_db()
    return run
