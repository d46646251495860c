"""What agents may ask of reports: those that the last refresh prepared, or run for a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from akrab.insight.metrics.registry import all_metrics
from akrab.insight.queries.plain import plain_report
from akrab.insight.queries.prepared import prepared_report
from akrab.insight.queries.reaching import within_reach
from akrab.insight.queries.reports import get_metric, get_report
from akrab.platform.actor import Actor
from akrab.platform.agents.tools import ROWS, tool


@tool("list_insight_reports", title=_("List reports"), may="insight.view_insight", arguments={})
def index(by: Actor, given: Mapping[str, Any]) -> Any:
    """List the reports that there are."""
    return {
        "items": [
            {"name": one.name, "title": str(one.title), "description": str(one.description)} for one in all_metrics().values()
        ]
    }


@tool(
    "show_report",
    title=_("Read a report"),
    may="insight.view_insight",
    arguments={"name": {"type": "string", "description": "A name from list_insight_reports"}},
    required=["name"],
)
def show(by: Actor, given: Mapping[str, Any]) -> Any:
    """Read a report, with its totals and its first rows."""
    metric = get_metric(given["name"])
    report = prepared_report(by=by, name=metric.name)
    if report is None:
        report = within_reach(get_report(by=by, name=metric.name, as_of=localdate()), by=by)
    plain = plain_report(report)
    return {name: value[:ROWS] if isinstance(value, list) else value for name, value in plain.items()}
