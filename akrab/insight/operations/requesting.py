"""Asking for a refresh, which a job then does outside the web process."""

from __future__ import annotations

from datetime import datetime

from akrab.insight.facts import RefreshRequested
from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.operation import operation


@operation(may="insight.refresh_insight")
def request_refresh(*, by: Actor, at: datetime) -> RefreshRequested:
    """Note that somebody wants fresh figures."""
    fact = RefreshRequested(refresh_id=new_id(), requested_at=at)
    record([fact], by=by)
    return fact
