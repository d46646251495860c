"""Every metric gives the same on DuckDB and on a Spark standalone cluster."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from akrab.insight.engines.cluster import local_cluster
from akrab.insight.engines.engine import Engine, open_engine
from akrab.insight.engines.spark import why_not
from akrab.insight.metrics.counting import customer_months
from akrab.insight.metrics.registry import Metric, all_metrics
from akrab.insight.queries.workspace import Workspace
from akrab.insight.tests.nasty import AS_OF, nasty_lake
from akrab.insight.tests.online_retail import online_retail_lake
from akrab.platform.lake.manifest import Snapshot

METRICS = all_metrics()
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in METRICS),
    *(("revenue", {"period": period}) for period in ("day", "week", "quarter", "year")),
    ("revenue_by_channel", {"days": 0}),
    ("rfm_customers", {"segment": "champions"}),
    ("gone_quiet", {"times": 1, "days": 1, "limit": 3}),
    ("retention", {"periods": 3}),
    ("top_customers", {"limit": 3}),
]

# Small data: one task for each step instead of one for each file, no jobs to list files, and Java without its second compiler
# and without checking Spark's own classes, which would never pay here.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
SETTINGS = urlencode({
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.files.minPartitionNum": "1",
    "spark.sql.files.openCostInBytes": "1024",
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "10000",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": JAVA,
    "spark.executor.extraJavaOptions": JAVA,
})  # fmt: skip


@dataclass(frozen=True)
class Lake:
    root: Path
    snapshot: Snapshot
    as_of: date


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    """One session on a master and two workers, for the whole suite."""
    if reason := why_not():
        pytest.skip(f"no Spark here: {reason}; install the extra akrab[spark] and Java 17")
    with local_cluster(workers=2) as url, open_engine(f"{url}?{SETTINGS}") as engine:
        yield engine


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    root = tmp_path_factory.mktemp("nasty")
    return Lake(root, nasty_lake(root), date.fromisoformat(AS_OF))


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Lake:
    root = tmp_path_factory.mktemp("retail")
    return Lake(root, online_retail_lake(data_folder, root), date(2011, 12, 10))


def answers(engine: Engine, lake: Lake, metric: Metric, parameters: dict[str, Any]) -> list[list[dict[str, Any]]]:
    workspace = Workspace(engine, lake.root, lake.snapshot, lake.as_of)
    functions = [metric.function, *([metric.totals] if metric.totals else [])]
    return [workspace.rows(function, parameters) for function in functions]


def assert_same(left: Any, right: Any, where: str) -> None:
    """Exactly the same values and types; floats to nine digits."""
    assert type(left) is type(right), (where, left, right)
    if isinstance(left, list | tuple):
        assert len(left) == len(right), where
        for index, pair in enumerate(zip(left, right, strict=True)):
            assert_same(*pair, f"{where}[{index}]")
    elif isinstance(left, dict):
        assert list(left) == list(right), where
        for name in left:
            assert_same(left[name], right[name], f"{where}.{name}")
    elif isinstance(left, float):
        assert math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9), (where, left, right)
    else:
        assert left == right, (where, left, right)


@pytest.mark.parametrize(("name", "parameters"), VARIANTS, ids=str)
def test_engines_agree_on_nasty_data(duck: Engine, spark: Engine, nasty: Lake, name: str, parameters: dict[str, Any]) -> None:
    expected = answers(duck, nasty, METRICS[name], parameters)

    assert_same(expected, answers(spark, nasty, METRICS[name], parameters), name)
    assert expected[0], "the nasty data must give this metric something to do"


@pytest.mark.parametrize("name", METRICS)
def test_engines_agree_on_online_retail(duck: Engine, spark: Engine, retail: Lake, name: str) -> None:
    expected = answers(duck, retail, METRICS[name], {})

    assert_same(expected, answers(spark, retail, METRICS[name], {}), name)


@pytest.mark.parametrize("name", [name for name in METRICS if "customer_months" in METRICS[name].inputs])
def test_the_roll_up_of_the_lake_is_the_one_made_from_receipts(duck: Engine, retail: Lake, name: str) -> None:
    workspace = Workspace(duck, retail.root, retail.snapshot, retail.as_of)
    made = customer_months(workspace.table("receipts"), as_of=retail.as_of)
    fresh = Workspace(duck, retail.root, retail.snapshot, retail.as_of, {"customer_months": made})

    assert_same(workspace.rows(METRICS[name].function, {}), fresh.rows(METRICS[name].function, {}), name)
