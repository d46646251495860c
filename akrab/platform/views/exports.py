"""A list as a file: what its address shows, downloaded as CSV."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from django.http import FileResponse, HttpResponse
from django.utils.timezone import localdate

from akrab.platform.exporting import write_export
from akrab.platform.importing.kinds import exported_kind
from akrab.platform.web import Request


def create(request: Request, kind: str) -> HttpResponse:
    """Write the rows that the list with this query shows, and hand them over; the audit tells of it."""
    name = f"{kind}-{localdate().isoformat()}.csv"
    with TemporaryDirectory(prefix="akrab-export-") as folder:
        path = Path(folder, name)
        query = request.POST.get("query", "")
        write_export(
            by=request.actor, export=exported_kind(kind), path=path, filters={}, name=kind, query=query, for_spreadsheet=True
        )
        file = path.open("rb")  # stays readable after its name is gone
    return cast(HttpResponse, FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"))
