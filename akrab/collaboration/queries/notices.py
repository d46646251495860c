"""News for people, read: the bell, the page, whom somebody follows, whose digest is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from akrab.collaboration.models.notices import Follow, Notice, Taste
from akrab.collaboration.queries.people import person_of
from akrab.platform.actor import Actor
from akrab.platform.models import User
from akrab.platform.operation import require
from akrab.platform.paging import Key, Order, Page, paginate

NEWEST = Order((Key("last_at"),), descending=True)
MORNING = 7


@dataclass(frozen=True, slots=True)
class Digest:
    """The unread notices that somebody is to get by mail."""

    user: User
    notices: list[Notice]


def unread(*, by: Actor) -> int:
    """How many records have news that the actor has not read; up to 100."""
    require(by, "collaboration.view_work")
    return Notice.objects.filter(user_id=person_of(by), read_at=None)[:100].count()


def list_notices(*, by: Actor, only_unread: bool = False, cursor: str = "") -> Page[Notice]:
    require(by, "collaboration.view_work")
    rows = Notice.objects.filter(user_id=person_of(by))
    return paginate(rows.filter(read_at=None) if only_unread else rows, order=NEWEST, cursor=cursor)


def get_notice(*, by: Actor, notice_id: UUID) -> Notice | None:
    require(by, "collaboration.view_work")
    return Notice.objects.filter(user_id=person_of(by), pk=notice_id).first()


def taste_of(*, by: Actor) -> Taste:
    require(by, "collaboration.view_work")
    return Taste.objects.filter(user_id=person_of(by)).first() or Taste(user_id=person_of(by))


def wish_about(*, by: Actor, record_kind: str, record_id: UUID) -> str:
    """What the actor wants to hear of a record: follow, mute or nothing."""
    require(by, "collaboration.view_work")
    found = Follow.objects.filter(user_id=person_of(by), record_kind=record_kind, record_id=record_id).first()
    return ("mute" if found.is_muted else "follow") if found else ""


def followers(*, by: Actor, record_kind: str, record_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Who follows these records."""
    require(by, "collaboration.view_work")
    found: dict[UUID, list[UUID]] = {}
    rows = Follow.objects.filter(record_kind=record_kind, record_id__in=set(record_ids), is_muted=False).order_by("since", "pk")
    for record_id, user in rows.values_list("record_id", "user_id"):
        found.setdefault(record_id, []).append(user)
    return found


def due_digests(*, by: Actor, at: datetime) -> list[Digest]:
    """Whose mail is due now: hourly, or in the morning of their own zone, and never in their quiet hours."""
    require(by, "collaboration.view_work")
    due = []
    for taste in Taste.objects.exclude(digest=Taste.Digest.OFF).select_related("user").filter(user__is_active=True):
        if _is_due(taste, at):
            waiting = Notice.objects.filter(user_id=taste.user_id, read_at=None, mailed_at=None).order_by("-last_at", "pk")[:50]
            if found := list(waiting):
                due.append(Digest(taste.user, found))
    return due


def _is_due(taste: Taste, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(taste.user.zone))
    if is_quiet(local.time(), taste.quiet_from, taste.quiet_to):
        return False
    waited = at - taste.mailed_at if taste.mailed_at else timedelta(days=365)
    if taste.digest == Taste.Digest.HOURLY:
        return waited >= timedelta(minutes=55)
    return local.hour >= MORNING and waited >= timedelta(hours=20)


def is_quiet(at: time, start: time | None, end: time | None) -> bool:
    """Whether a time of day lies in the quiet hours, which may pass midnight."""
    if start is None or end is None or start == end:
        return False
    return start <= at < end if start < end else at >= start or at < end
