"""The choices of an earlier import, for a file with the same columns, such as its own error file."""

from __future__ import annotations

from typing import Any

from akrab.platform.filing import located
from akrab.platform.importing.errorfile import reason_headings
from akrab.platform.importing.kinds import kind_named
from akrab.platform.importing.plans import look, names_of
from akrab.platform.models import Import

_LOOKED_AT = 50
_REMEMBERED = ("numbers", "dates", "column_numbers", "column_dates", "short_rows")


def remembered(run: Import) -> dict[str, Any] | None:
    """The mapping of the latest finished import or check whose columns these are, or nothing.

    Where a page asks what a program is not asked, it asks again; where the table begins may be elsewhere in this file.
    """
    names = list(look(located(run.file_path), {}).names)
    headers = [names, *([names[:-1]] if names and names[-1] in reason_headings() else [])]
    done = Import.objects.filter(kind=run.kind, status=Import.Status.DONE, preset="").exclude(pk=run.pk)
    for mapping in done.order_by("-created_at").values_list("mapping", flat=True)[:_LOOKED_AT]:
        if mapping.get("header") in headers:
            reading = {name: value for name, value in mapping.get("reading", {}).items() if name in _REMEMBERED}
            chosen = {**mapping.get("settings", {}), **kind_named(run.kind).on_page()}
            return {"names": names_of(mapping.get("columns", {})), "settings": chosen, "reading": reading}
    return None
