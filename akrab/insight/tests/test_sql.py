"""The SQL of each metric on DuckDB, as a snapshot: a change of meaning cannot slip in unseen."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import pytest
from syrupy.assertion import SnapshotAssertion

from akrab.insight.metrics.registry import all_metrics, inputs_of
from akrab.insight.tests.factories import DATASETS

TYPES = {
    "VARCHAR": "string", "BIGINT": "int64", "INTEGER": "int32", "DOUBLE": "float64", "DATE": "date",
    "TIMESTAMP": "timestamp",
}  # fmt: skip


def unbound(name: str) -> Any:
    """An empty stand-in for a table of the lake."""
    return ibis.table({column: TYPES[kind] for column, kind in DATASETS[name].columns}, name=name)


@pytest.mark.parametrize("name", all_metrics())
def test_the_sql_of_a_metric_is_as_it_was(name: str, snapshot: SnapshotAssertion) -> None:
    metric = all_metrics()[name]
    tables = [unbound(each) for each in inputs_of(metric.function)]

    assert str(ibis.to_sql(metric.function(*tables, as_of=date(2024, 2, 29)), dialect="duckdb")) == snapshot
