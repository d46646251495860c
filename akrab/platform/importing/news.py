"""What can have happened to imports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("platform.import_queued", subject="import", at="queued_at", audited=False)
class ImportQueued:
    """Somebody asked for a file to be checked or imported."""

    import_id: UUID
    queued_at: datetime
    kind: str
    file_name: str
    dry_run: bool


@fact("platform.import_finished", subject="import", at="finished_at", audited=False)
class ImportFinished:
    """A file was imported; the counts add up to its rows."""

    import_id: UUID
    finished_at: datetime
    kind: str
    file_name: str
    created: int
    updated: int
    unchanged: int
    skipped: int
    errors: int


@fact("platform.import_canceled", subject="import", at="canceled_at", audited=False)
class ImportCanceled:
    """Somebody asked a running import to stop; what was taken until then stays."""

    import_id: UUID
    canceled_at: datetime
    kind: str
    file_name: str
