"""Actors and moments for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.declaring import fact

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
