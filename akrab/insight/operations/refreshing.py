"""Refreshing insight: bring the lake up to date, prepare the reports of the pages, write scores down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.module_loading import import_string

from akrab.insight.facts import InsightRefreshed
from akrab.insight.models import PreparedReport
from akrab.insight.operations.scoring import write_scores
from akrab.insight.queries.prepared import kept, variant_of
from akrab.insight.queries.reports import Report, completed, get_metric, run_report
from akrab.insight.queries.workspace import open_workspace
from akrab.platform.actor import Actor
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.lake.location import lake_root
from akrab.platform.operation import operation

# Named, not imported: the web process reads this module through the door and must not load DuckDB.
UPDATE = "akrab.platform.lake.updating.update_lake"

PREPARED: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("average_order", {}),
    ("gone_quiet", {}),
    ("new_returning", {}),
    ("purchase_interval", {}),
    ("repeat_purchase", {}),
    ("retention", {}),
    ("revenue", {}),
    ("revenue", {"period": "day", "days": 90}),
    ("revenue", {"period": "week", "days": 365}),
    ("revenue_by_branch", {}),
    ("revenue_by_category", {}),
    ("revenue_by_channel", {}),
    ("rfm", {}),
    ("top_customers", {}),
)


@operation(may="insight.refresh_insight")
def refresh_insight(
    *,
    by: Actor,
    at: datetime,
    as_of: date,
    engine: str | None = None,
    rebuild: bool = False,
    only: Sequence[str] = (),
) -> InsightRefreshed:
    """Update the lake, then reports and scores as of a day; `only` limits it to the reports (or `traits`) named."""
    update = import_string(UPDATE)(lake_root(), at=at, rebuild=rebuild)
    chosen = [each for each in PREPARED if not only or each[0] in only]
    for name in set(only) - {"traits"}:
        get_metric(name)
    with open_workspace(engine=engine, as_of=as_of) as workspace:
        for name, parameters in chosen:
            keep_report(run_report(workspace, get_metric(name), completed(name, parameters)), at=at)
        customers = write_scores(workspace, as_of=as_of, at=at) if not only or "traits" in only else 0
        used = workspace.engine.name
    fact = InsightRefreshed(
        refresh_id=new_id(),
        refreshed_at=at,
        as_of=as_of,
        snapshot=update.snapshot.number,
        files_written=update.written,
        files_kept=update.kept,
        reports=len(chosen),
        customers=customers,
        engine=used,
    )
    record([fact], by=by)
    return fact


def keep_report(report: Report, *, at: datetime) -> None:
    """Keep a report for the pages in place of the one before."""
    variant = variant_of(report.parameters, completed(report.name, {}))
    PreparedReport.objects.update_or_create(
        name=report.name,
        variant=variant,
        defaults={"as_of": report.as_of, "snapshot": report.snapshot, "made_at": at, "content": kept(report)},
    )
