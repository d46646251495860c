"""Actors and moments for tests."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.declaring import fact
from akrab.platform.models import FieldRule, Membership, RecordRule, Share, Team, User

NOON = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)


@fact("test.customer_met", subject="customer", at="met_at")
class CustomerMet:
    """A fact that only tests record."""

    customer_id: UUID
    met_at: datetime


@fact("test.mood_seen", subject="customer", at="seen_at", observed=True)
class MoodSeen:
    """An observed fact that only tests record."""

    customer_id: UUID
    seen_at: datetime


def make_actor(role: str = "administrator", **more: Any) -> Actor:
    values: dict[str, Any] = {"kind": "person", "id": f"{role}-1", "label": role.title(), "entrance": "page", **more}
    return Actor(role=role, **values)


def facts_recorded(kind: str = "") -> list[str]:
    """The kinds of all facts in the log, in the order of recording."""
    rows = fetch("SELECT kind FROM platform_fact WHERE kind LIKE %s ORDER BY id", [f"{kind}%"])
    return [row[0] for row in rows]


def wait_for_older_transactions() -> None:
    """Until every transaction of the server that was running now, in any database, has ended: an update of the lake
    looks back that far, and so writes what it need not while another test's transaction runs."""
    now = fetch("SELECT txid_current()", [])[0][0]
    deadline = time.monotonic() + 120
    while fetch("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [])[0][0] <= now:
        assert time.monotonic() < deadline, "an older transaction never ended"
        time.sleep(0.05)


def make_person(name: str = "Budi", role: str = "staff", **more: Any) -> User:
    """Somebody with an account."""
    return User.objects.create(email=f"{name.lower().replace(' ', '.')}@example.com", name=name, role=role, **more)


def acting(user: User, **more: Any) -> Actor:
    """A person at work, as a new request makes them."""
    values: dict[str, Any] = {"kind": "person", "id": str(user.pk), "label": str(user), "entrance": "page", **more}
    return Actor(role=user.role, **values)


def make_team(name: str = "Jakarta", *, members: Sequence[User] = (), **more: Any) -> Team:
    """A team with people who have been in it for long."""
    team = Team.objects.create(name=name, **more)
    for person in members:
        Membership.objects.create(team=team, person=person, since=date(2020, 1, 1))
    return team


def make_rule(scope: str, *, about: str = "customers.customer", **more: Any) -> RecordRule:
    """A record rule; by itself it lets everybody see."""
    return RecordRule.objects.create(object=about, scope=scope, created_at=NOON, created_by="Ann", **more)


def make_field_rule(field: str, access: str, *, about: str = "customers.customer", **more: Any) -> FieldRule:
    return FieldRule.objects.create(object=about, field=field, access=access, created_at=NOON, created_by="Ann", **more)


def make_share(record_id: UUID, *, about: str = "customers.customer", **more: Any) -> Share:
    return Share.objects.create(object=about, record_id=record_id, created_at=NOON, created_by="Ann", **more)
