"""The door of insight."""

from akrab.insight.facts import InsightRefreshed
from akrab.insight.metrics.registry import Metric, all_metrics
from akrab.insight.operations.refreshing import refresh_insight
from akrab.insight.queries.plain import as_json, plain_report, plain_value
from akrab.insight.queries.reports import Report, get_report
from akrab.insight.queries.workspace import LakeEmpty

__all__ = [
    "InsightRefreshed",
    "LakeEmpty",
    "Metric",
    "Report",
    "all_metrics",
    "as_json",
    "get_report",
    "plain_report",
    "plain_value",
    "refresh_insight",
]
