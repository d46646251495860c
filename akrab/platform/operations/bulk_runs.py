"""Large changes as people handle them: queue one, ask it to stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.listing.bulk_models import BulkRun
from akrab.platform.listing.declaring import list_named
from akrab.platform.operation import operation, require
from akrab.platform.refusal import Invalid, NotFound
from akrab.platform.rights.standing import person_of


@operation(may="platform.edit_own_settings")
def note_bulk_run(
    *,
    by: Actor,
    object: str,
    query: str,
    ids: Sequence[UUID],
    change: Mapping[str, Any],
    total: int,
    at: datetime,
) -> BulkRun:
    """Note a change of many that the worker is to make."""
    require(by, list_named(object).verb)
    person = person_of(by)
    if person is None:
        raise Invalid({"by": str(_("Only a person can start this."))})
    return BulkRun.objects.create(
        object=object, query=query, ids=list(ids), change=dict(change), total=total, by_id=person, created_at=at
    )


@operation(may="platform.edit_own_settings")
def stop_bulk_run(*, by: Actor, run_id: UUID) -> BulkRun:
    """Ask a change of many to stop after the part that it is at; what was changed stays and can be undone."""
    run = BulkRun.objects.filter(pk=run_id, by_id=person_of(by)).first()
    if run is None:
        raise NotFound
    BulkRun.objects.filter(pk=run_id).update(cancel_asked=True)
    return run
