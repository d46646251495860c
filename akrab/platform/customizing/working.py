"""What custom fields do while nobody is watching: indexes are built, roll-ups of new fields are worked out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.timezone import now

from akrab.platform.actor import SYSTEM, Actor
from akrab.platform.customizing.facts import CustomFieldChanged
from akrab.platform.customizing.indexing import reconcile
from akrab.platform.delivery import every, on
from akrab.platform.listing.bulk import bulk_change, run_in_parts
from akrab.platform.listing.bulk_models import BulkRun
from akrab.platform.operations.custom_fields import MANAGE
from akrab.platform.operations.replacing_choices import RUN, having, replace_choice
from akrab.platform.operations.rolling_up import refresh_next


@on(CustomFieldChanged)
def keep_indexes(facts: Sequence[CustomFieldChanged]) -> None:
    """However many definitions changed, once."""
    reconcile()


@on(CustomFieldChanged)
def work_out_rollups(facts: Sequence[CustomFieldChanged]) -> None:
    """All records of the objects whose fields changed, a few thousand in each transaction."""
    for object in sorted({fact.object for fact in facts if fact.change in {"defined", "revised", "restored"}}):
        work_out(object, now())


@every("25 * * * *")
def keep_indexes_hourly(at: datetime) -> None:
    """Definitions also change by an undo, which says so in the journal only."""
    reconcile()


def work_out(object: str, at: datetime) -> None:
    after: UUID | None = None
    while (after := refresh_next(by=SYSTEM, object=object, after=after, at=at)) is not None:
        continue


@bulk_change(RUN)
def replace_choice_everywhere(run: BulkRun, by: Actor) -> None:
    """Give all records that have a retired choice the one that takes its place."""
    field_id, choice, instead = UUID(run.change["field_id"]), str(run.change["choice"]), str(run.change["instead"])
    run_in_parts(
        run,
        by=by,
        action="platform.replace_choice",
        may=MANAGE,
        label=f"{choice} → {instead}",
        following=lambda after, size: having(field_id, choice, after, size),
        apply=lambda ids: replace_choice(by=by, field_id=field_id, choice=choice, instead=instead, ids=ids, at=now()),
    )
