"""What can have happened to copies of the whole installation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("platform.backup_made", subject="backup")
class BackupMade:
    """Everything was written into one file."""

    backup_id: UUID
    at: datetime
    file: str
    size: int
    sha256: str
