"""What can have happened to data that leave Akrab as a file."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("platform.data_exported", subject="export")
class DataExported:
    """Rows were written to a file; `what` is the kind, `sha256` that of the file, `filters` the names that were used.

    `asked` is what the file shows, as an address says it (filters, sort, saved view); of search words, and of the
    texts in a filter tree, only that there were some, because they name people and no erasure would find them here.
    """

    export_id: UUID
    at: datetime
    what: str
    rows: int
    sha256: str
    filters: list[str]
    asked: str = ""
