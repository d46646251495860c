"""Sharing single records with a person or a team, up to a level and perhaps until a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.models import Share
from akrab.platform.operation import operation
from akrab.platform.queries.organization import names_of_people, names_of_teams
from akrab.platform.refusal import Invalid, NotFound
from akrab.platform.rights.facts import RecordShared, ShareEnded
from akrab.platform.rights.limits import demand
from akrab.platform.rights.registry import protected


@operation(may="platform.share_records", journal=_("Shared a record"))
def share_records(
    *,
    by: Actor,
    object: str,
    record_ids: Sequence[UUID],
    at: datetime,
    person_id: UUID | None = None,
    team_id: UUID | None = None,
    level: str = "read",
    expires_at: datetime | None = None,
) -> list[RecordShared]:
    """Open records to one more person or team; only who may change a record shares it. Said again, it renews the level."""
    if (person_id is None) == (team_id is None):
        raise Invalid({"with": str(_("Choose a person or a team."))})
    if level not in Share.Level.values:
        raise Invalid({"level": str(_("There is no such level."))})
    if expires_at is not None and expires_at <= at:
        raise Invalid({"expires_at": str(_("This moment has passed."))})
    demand(by, protected(object).name, record_ids)
    people = names_of_people([person_id] if person_id else [], active=True)
    teams = names_of_teams([team_id] if team_id else [], active=True)
    name = people[person_id] if person_id else teams[team_id] if team_id else ""
    Share.objects.bulk_create(
        [
            Share(
                object=object, record_id=one, person_id=person_id, team_id=team_id, level=level,
                expires_at=expires_at, created_at=at, created_by=by.label[:200],
            )
            for one in record_ids
            if not _renewed(object, one, person_id, team_id, level=level, expires_at=expires_at)
        ]
    )  # fmt: skip
    facts = [
        RecordShared(
            at=at, object=object, record_id=one, customer_id=_customer(object, one), person_id=person_id, team_id=team_id,
            name=name, level=level, expires_at=expires_at,
        )
        for one in record_ids
    ]  # fmt: skip
    record(facts, by=by)
    return facts


def _renewed(name: str, one: UUID, person: UUID | None, team: UUID | None, *, level: str, expires_at: datetime | None) -> bool:
    open_ones = Share.objects.filter(object=name, record_id=one, person=person, team=team, ended_at=None)
    return open_ones.update(level=level, expires_at=expires_at) > 0


@operation(may="platform.share_records", journal=_("Ended a share"))
def end_share(*, by: Actor, share_id: UUID, at: datetime) -> ShareEnded:
    """Close a shared record again."""
    share = Share.objects.select_for_update(of=("self",)).filter(pk=share_id, ended_at=None).first()
    if share is None:
        raise NotFound
    demand(by, share.object, [share.record_id])
    share.ended_at = at
    share.save(update_fields=["ended_at"])
    fact = ShareEnded(
        at=at, object=share.object, record_id=share.record_id, customer_id=_customer(share.object, share.record_id),
        person_id=share.person_id, team_id=share.team_id,
    )  # fmt: skip
    record([fact], by=by)
    return fact


def drop_shares(name: str, record_ids: Sequence[UUID], *, at: datetime) -> None:
    """End all shares of records, inside another operation."""
    fetch(
        "UPDATE platform_share SET ended_at = %s WHERE object = %s AND record_id = ANY(%s::uuid[]) AND ended_at IS NULL",
        [at, name, list(record_ids)],
    )


def _customer(name: str, record_id: UUID) -> UUID | None:
    return record_id if name == "customers.customer" else None
