"""Reports over the API: which there are, and what they say."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.timezone import localdate
from ninja import Query, Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.insight.metrics.registry import Metric, all_metrics
from akrab.insight.queries.plain import plain_report
from akrab.insight.queries.prepared import prepared_report
from akrab.insight.queries.reaching import within_reach
from akrab.insight.queries.reports import BadParameter, get_metric, get_report
from akrab.platform.api.replies import reply
from akrab.platform.api.shapes import Day
from akrab.platform.operation import require

router = Router(tags=["insight"])
Chosen = Annotated[
    list[Annotated[str, Field(max_length=200)]],
    Query(),
]


class ReportParameter(TypedDict):
    name: str
    default: str
    label: str


class ReportKind(TypedDict):
    name: str
    title: str
    description: str
    parameters: list[ReportParameter]


class ReportList(TypedDict):
    items: list[ReportKind]
    next: None


@router.get("/insight/reports", response=ReportList, summary="List reports")
def index(request: Any) -> HttpResponse:
    """The reports that there are, with their parameters."""
    require(request.actor, "insight.view_insight")
    return reply({"items": [_kind(metric) for metric in all_metrics().values()], "next": None})


@router.get("/insight/reports/{name}", response=dict[str, Any], summary="Read a report")
def show(
    request: Any,
    name: str,
    as_of: Day | None = None,
    set: Chosen = [],  # noqa: A002, B006
) -> HttpResponse:
    """What a report says: as prepared by the last refresh, or run now for a day or with parameters.

    Money is decimal texts in `currency`; `snapshot` and `data_until` say which data it rests on.
    """
    metric = get_metric(name)
    parameters = dict(_pair(one) for one in set)
    report = None if as_of or parameters else prepared_report(by=request.actor, name=metric.name)
    if report is None:
        made = get_report(by=request.actor, name=name, as_of=as_of or localdate(), parameters=parameters)
        report = within_reach(made, by=request.actor)
    return reply(plain_report(report))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise BadParameter(name="set", value=text)
    return name, value


def _kind(metric: Metric) -> ReportKind:
    return ReportKind(
        name=metric.name,
        title=str(metric.title),
        description=str(metric.description),
        parameters=[ReportParameter(name=one.name, default=str(one.default), label=str(one.label)) for one in metric.parameters],
    )
