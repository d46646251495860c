"""Actors and moments for tests."""

from __future__ import annotations

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


def make_actor(role: str = "administrator", **more: Any) -> Actor:
    values: dict[str, Any] = {"kind": "person", "id": f"{role}-1", "label": role.title(), "entrance": "page", **more}
    return Actor(role=role, **values)


def facts_recorded(kind: str = "") -> list[str]:
    """The kinds of all facts in the log, in the order of recording."""
    rows = fetch("SELECT kind FROM platform_fact WHERE kind LIKE %s ORDER BY id", [f"{kind}%"])
    return [row[0] for row in rows]


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
