"""What can have happened to the organization and to the policy."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from akrab.platform.declaring import fact


@fact("platform.team_changed", subject="team")
class TeamChanged:
    """A team was made, renamed, moved, given a lead, or retired; `changes` maps what to old and new."""

    team_id: UUID
    at: datetime
    name: str
    changes: dict[str, list[str]]


@fact("platform.team_members_changed", subject="team")
class TeamMembersChanged:
    """People joined or left a team."""

    team_id: UUID
    at: datetime
    joined: list[str]
    left: list[str]


@fact("platform.units_changed", subject="user")
class UnitsChanged:
    """A person now belongs to other branches."""

    user_id: UUID
    at: datetime
    kind: str
    units: list[str]


@fact("platform.rule_changed", subject="rule")
class RuleChanged:
    """A rule about records or fields was written, changed or retired; `said` is what it says, `before` what it said."""

    rule_id: UUID
    at: datetime
    object: str
    change: str
    said: dict[str, Any]
    before: dict[str, Any]


@fact("platform.record_shared", subject="record")
class RecordShared:
    """A record was opened to one more person or team."""

    record_id: UUID
    at: datetime
    object: str
    customer_id: UUID | None = None
    person_id: UUID | None = None
    team_id: UUID | None = None
    name: str = ""
    level: str = "read"
    expires_at: datetime | None = None


@fact("platform.share_ended", subject="record")
class ShareEnded:
    """A shared record was closed again."""

    record_id: UUID
    at: datetime
    object: str
    customer_id: UUID | None = None
    person_id: UUID | None = None
    team_id: UUID | None = None


@fact("platform.viewed_as", subject="user")
class ViewedAs:
    """An administrator began or ended to look at Akrab as another person sees it."""

    user_id: UUID
    at: datetime
    name: str
    ended: bool = False
