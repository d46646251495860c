"""Reports made at the last refresh, as pages read them; no engine is loaded for these."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from akrab.insight.metrics.registry import Column
from akrab.insight.models import PreparedReport
from akrab.insight.queries.reaching import within_reach
from akrab.insight.queries.reports import Report
from akrab.platform.actor import Actor


def variant_of(parameters: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """The short name of parameters that differ from their defaults, for example `period=day,days=90`."""
    return ",".join(f"{name}={value}" for name, value in sorted(parameters.items()) if value != defaults.get(name))


def prepared_reports(*, by: Actor) -> dict[str, Report]:
    """Every prepared report by name, with `:variant` when its parameters are not the defaults."""
    found = PreparedReport.objects.visible_to(by).order_by("name", "variant")
    return {
        f"{each.name}:{each.variant}" if each.variant else each.name: within_reach(restored(each.content), by=by)
        for each in found
    }


def prepared_report(*, by: Actor, name: str, variant: str = "") -> Report | None:
    """One prepared report, or None before the first refresh."""
    found = PreparedReport.objects.visible_to(by).filter(name=name, variant=variant).first()
    return within_reach(restored(found.content), by=by) if found else None


def kept(report: Report) -> dict[str, Any]:
    """A report as JSON that `restored` turns back."""
    body: dict[str, Any] = json.loads(json.dumps(asdict(report), default=lambda value: value.isoformat()))
    return body


def restored(content: dict[str, Any]) -> Report:
    columns = tuple(Column(**each) for each in content["columns"])
    rows = tuple(tuple(_revived(c, value) for c, value in zip(columns, row, strict=True)) for row in content["rows"])
    return Report(
        **{
            **content,
            "columns": columns,
            "rows": rows,
            "total_columns": tuple(Column(**each) for each in content["total_columns"]),
            "totals": tuple(content["totals"]),
            "as_of": date.fromisoformat(content["as_of"]),
            "made_at": datetime.fromisoformat(content["made_at"]),
            "data_until": date.fromisoformat(content["data_until"]) if content["data_until"] else None,
        }
    )


def _revived(column: Column, value: Any) -> Any:
    return date.fromisoformat(value) if column.type == "date" and value else value
