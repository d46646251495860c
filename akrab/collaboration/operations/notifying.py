"""Telling people: one notice per record until it is read, whatever happens to the record meanwhile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from akrab.collaboration.facts import FollowChanged
from akrab.collaboration.models.notices import Follow, Notice, Taste
from akrab.collaboration.queries.people import person_of
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_ids
from akrab.platform.live import announce
from akrab.platform.middleware import actor_of
from akrab.platform.models import User
from akrab.platform.operation import operation
from akrab.platform.rights.limits import reachable

_TELL = """
INSERT INTO collaboration_notice AS n (id, user_id, record_kind, record_id, title, link, reasons, count, first_at, last_at)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::jsonb[], %s::int[],
                     %s::timestamptz[], %s::timestamptz[])
ON CONFLICT (user_id, record_kind, record_id) WHERE read_at IS NULL DO UPDATE SET count = n.count + excluded.count,
  title = excluded.title, link = excluded.link, last_at = excluded.last_at, mailed_at = NULL,
  reasons = (SELECT jsonb_agg(DISTINCT one) FROM jsonb_array_elements(n.reasons || excluded.reasons) AS one)
WHERE n.last_at < excluded.last_at
RETURNING user_id
"""


@dataclass(frozen=True, slots=True)
class News:
    """What one person is to hear of one record."""

    user_id: UUID
    record_kind: str
    record_id: UUID
    title: str
    link: str
    reason: str
    at: datetime


@operation(may="collaboration.notify")
def notify(*, by: Actor, news: Sequence[News]) -> int:
    """Tell people, except of what they muted, switched off or may not see; the same news again changes nothing."""
    wanted = _allowed(news)
    grouped: dict[tuple[UUID, str, UUID], list[News]] = {}
    for one in wanted:
        grouped.setdefault((one.user_id, one.record_kind, one.record_id), []).append(one)
    rows = sorted(grouped.items(), key=lambda pair: [str(part) for part in pair[0]])
    if not rows:
        return 0
    last = [max(many, key=lambda one: one.at) for _key, many in rows]
    told = fetch(
        _TELL,
        [
            new_ids(len(rows)),
            [key[0] for key, _many in rows],
            [key[1] for key, _many in rows],
            [key[2] for key, _many in rows],
            [one.title[:300] for one in last],
            [one.link for one in last],
            [json.dumps(sorted({one.reason for one in many})) for _key, many in rows],
            [len({one.at for one in many}) for _key, many in rows],
            [min(one.at for one in many) for _key, many in rows],
            [one.at for one in last],
        ],
    )
    for user in {row[0] for row in told}:
        announce("collaboration.noticed", to=str(user))
    return len(told)


@operation(may="collaboration.view_work")
def mark_read(*, by: Actor, at: datetime, notice_ids: Sequence[UUID] | None = None) -> int:
    """The actor has read these notices, or all."""
    rows = Notice.objects.filter(user_id=person_of(by), read_at=None)
    changed = (rows if notice_ids is None else rows.filter(pk__in=notice_ids)).update(read_at=at)
    if changed:
        announce("collaboration.noticed", to=str(person_of(by)))
    return changed


@operation(may="collaboration.view_work")
def follow(*, by: Actor, record_kind: str, record_id: UUID, wants: str, at: datetime) -> None:
    """Hear of a record (`follow`), never hear of it (`mute`), or only of what concerns oneself (anything else)."""
    mine: dict[str, Any] = {"user_id": person_of(by), "record_kind": record_kind, "record_id": record_id}
    if wants in {"follow", "mute"}:
        Follow.objects.update_or_create(**mine, defaults={"is_muted": wants == "mute", "since": at})
    else:
        Follow.objects.filter(**mine).delete()
    record(
        [FollowChanged(user_id=person_of(by), changed_at=at, record_kind=record_kind, record_id=record_id, wants=wants)], by=by
    )


@operation(may="collaboration.view_work")
def choose_taste(
    *, by: Actor, off: Sequence[str], digest: str, at: datetime, quiet_from: object = None, quiet_to: object = None
) -> None:
    """How the actor wants to be told from now on."""
    values = {"off": list(off), "digest": digest, "quiet_from": quiet_from, "quiet_to": quiet_to}
    Taste.objects.update_or_create(user_id=person_of(by), defaults=values)


@operation(may="collaboration.notify")
def note_mailed(*, by: Actor, user_id: UUID, notice_ids: Sequence[UUID], at: datetime) -> None:
    """A digest with these notices has gone out."""
    Notice.objects.filter(pk__in=notice_ids, user_id=user_id).update(mailed_at=at)
    Taste.objects.filter(user_id=user_id).update(mailed_at=at)


@operation(may="collaboration.notify")
def note_reminded(*, by: Actor, task_ids: Sequence[UUID], at: datetime) -> None:
    """The reminders of these tasks have been given."""
    fetch("UPDATE collaboration_task SET reminded_at = %s WHERE id = ANY(%s) AND reminded_at IS NULL", [at, list(task_ids)])


def _allowed(news: Sequence[News]) -> list[News]:
    people = {one.user_id for one in news}
    users = {user.pk: actor_of(user) for user in User.objects.filter(pk__in=people, is_active=True)}
    off = {row[0]: set(row[1]) for row in Taste.objects.filter(user_id__in=people).values_list("user_id", "off")}
    records = {one.record_id for one in news}
    muted = set(
        Follow.objects.filter(user_id__in=people, record_id__in=records, is_muted=True).values_list("user_id", "record_id")
    )
    customers = sorted({one.record_id for one in news if one.record_kind == "customer"})
    seen = {pk: reachable(by, "customers.customer", customers) for pk, by in users.items()} if customers else {}
    return [
        one
        for one in news
        if one.user_id in users
        and (one.record_kind != "customer" or one.record_id in seen[one.user_id])
        and users[one.user_id].may("collaboration.view_work")
        and one.reason not in off.get(one.user_id, ())
        and (one.user_id, one.record_id) not in muted
    ]
