"""What can have happened in insight."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("insight.refreshed", subject="refresh", at="refreshed_at")
class InsightRefreshed:
    """The lake was brought up to date, reports were prepared and traits were written."""

    refresh_id: UUID
    refreshed_at: datetime
    as_of: date
    snapshot: int
    files_written: int
    files_kept: int
    reports: int
    customers: int
    engine: str


@fact("insight.refresh_requested", subject="refresh", at="requested_at")
class RefreshRequested:
    """Somebody asked for fresh figures; a job makes them."""

    refresh_id: UUID
    requested_at: datetime
