"""Reports: a metric run on the lake, with what a reader must know to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from akrab.insight.metrics.registry import Column, Metric, all_metrics
from akrab.insight.queries.workspace import Workspace, open_workspace
from akrab.platform.actor import Actor
from akrab.platform.operation import require
from akrab.platform.refusal import Refusal


class UnknownReport(Refusal):
    code = "unknown_report"
    status = 404
    message = _("There is no report named %(name)s. There are: %(known)s.")


class BadParameter(Refusal):
    code = "bad_parameter"
    status = 422
    message = _("%(name)s cannot be %(value)s.")


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report. Money is in minor units of `currency`; texts are English and translated where shown."""

    name: str
    title: str
    description: str
    chart: str | None
    as_of: date
    parameters: Mapping[str, Any]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    total_columns: tuple[Column, ...]
    totals: tuple[Any, ...]
    currency: str
    engine: str
    snapshot: int
    made_at: datetime
    data_until: date | None


def get_report(
    *, by: Actor, name: str, as_of: date, engine: str | None = None, parameters: Mapping[str, str] | None = None
) -> Report:
    """Run one report now, on the current snapshot of the lake."""
    require(by, "insight.view_insight")
    metric = get_metric(name)
    chosen = read_parameters(metric, parameters or {})
    with open_workspace(engine=engine, as_of=as_of) as workspace:
        return run_report(workspace, metric, chosen)


def get_metric(name: str) -> Metric:
    """The declared metric of a name."""
    known = all_metrics()
    if name not in known:
        raise UnknownReport(name=name, known=", ".join(known))
    return known[name]


def completed(name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a metric with the defaults of those not given."""
    return {**{each.name: each.default for each in get_metric(name).parameters}, **parameters}


def read_parameters(metric: Metric, given: Mapping[str, str]) -> dict[str, Any]:
    """Parameters of a metric from words, with the defaults of those not given."""
    chosen = completed(metric.name, {})
    for name, text in given.items():
        try:
            chosen[name] = metric.parameter(name).read(text)
        except (StopIteration, ValueError) as problem:
            raise BadParameter(name=name, value=text) from problem
    return chosen


def run_report(workspace: Workspace, metric: Metric, parameters: Mapping[str, Any]) -> Report:
    """Run a metric and its totals in an open workspace."""
    rows = workspace.rows(metric.function, parameters)
    totals = workspace.rows(metric.totals, parameters)[0] if metric.totals else {}
    return Report(
        name=metric.name,
        title=metric.title,
        description=metric.description,
        chart=metric.chart,
        as_of=workspace.as_of,
        parameters=dict(parameters),
        columns=tuple(metric.columns),
        rows=tuple(tuple(row[column.name] for column in metric.columns) for row in rows),
        total_columns=tuple(metric.total_columns),
        totals=tuple(totals[column.name] for column in metric.total_columns),
        currency=workspace.currency,
        engine=workspace.engine.name,
        snapshot=workspace.snapshot.number,
        made_at=workspace.snapshot.made_at,
        data_until=workspace.snapshot.last_day("receipts"),
    )
