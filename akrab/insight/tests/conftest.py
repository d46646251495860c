"""Fixtures of the insight tests: one DuckDB engine, and asking a metric about receipts made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from akrab.insight.engines.engine import Engine, open_engine
from akrab.insight.metrics.registry import all_metrics
from akrab.insight.queries.workspace import Workspace
from akrab.insight.tests.factories import Row, make_lake

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def duck() -> Iterator[Engine]:
    with open_engine("duckdb://") as engine:
        yield engine


@pytest.fixture
def ask(duck: Engine, tmp_path: Path) -> Ask:
    """ask("rfm", receipts, as_of="2024-03-01") gives the rows as tuples, ask(..., totals=True) the one of totals."""

    def answer(
        name: str,
        receipts: Sequence[Row],
        *,
        as_of: str = "2024-06-30",
        totals: bool = False,
        parameters: dict[str, Any] | None = None,
        **others: Sequence[Row],
    ) -> list[tuple[Any, ...]]:
        snapshot = make_lake(tmp_path, receipts, **others)
        metric = all_metrics()[name]
        workspace = Workspace(duck, tmp_path, snapshot, date.fromisoformat(as_of))
        function = metric.totals if totals else metric.function
        assert function is not None
        return [tuple(row.values()) for row in workspace.rows(function, parameters or {})]

    return answer
