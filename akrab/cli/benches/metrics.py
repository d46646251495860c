"""Metrics: reports through Ibis beside the same work written by hand in DuckDB SQL, on the home's lake."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
from django.db.models import Max

from akrab.cli.benches.measure import Result, Row, percentile, ratio
from akrab.commerce.models import Receipt
from akrab.insight.public import LakeEmpty, get_report
from akrab.platform.actor import command_actor
from akrab.platform.lake.location import lake_root
from akrab.platform.lake.manifest import Snapshot, read_current

TIMES = 5
FLOOR = "hand-written DuckDB SQL on the same Parquet files, opening DuckDB included"

_COUNTED = "kind IN ('sale', 'exchange') AND net + brought_back > greatest(returned, 0) AND customer_id IS NOT NULL"
BY_HAND = {
    "rfm": """
        WITH p AS (SELECT customer_id, sum(receipts) f, sum(kept) m, date_diff('day', max(last_on), DATE '{as_of}') r
                   FROM customer_months GROUP BY 1),
        q AS (SELECT quantile_cont(r, [0.2, 0.4, 0.6, 0.8]) r, quantile_cont(f, [0.2, 0.4, 0.6, 0.8]) f,
                     quantile_cont(m, [0.2, 0.4, 0.6, 0.8]) m FROM p),
        s AS (SELECT 5 - len(list_filter(q.r, x -> p.r > x)) rs, 1 + len(list_filter(q.f, x -> p.f > x)) fs,
                     1 + len(list_filter(q.m, x -> p.m > x)) ms, p.f, p.m FROM p, q)
        SELECT rs, (fs + ms + 1) // 2 AS worth, count(*), sum(f), sum(m) FROM s GROUP BY 1, 2 ORDER BY 1, 2""",
    "revenue": """
        SELECT date_trunc('month', business_on) AS month, count(*) FILTER (net + brought_back > 0),
               sum(net + brought_back) FILTER (net + brought_back > 0),
               sum(least(net + brought_back, 0) - brought_back), sum(net), sum(net) FILTER (customer_id IS NOT NULL) FROM receipts
        WHERE business_on <= DATE '{as_of}' GROUP BY 1 ORDER BY 1""",
    "retention": """
        WITH f AS (SELECT customer_id, min(month) AS cohort FROM customer_months GROUP BY 1)
        SELECT cohort, m.month - cohort AS age, count(*), sum(kept) FROM customer_months m JOIN f USING (customer_id)
        GROUP BY 1, 2 ORDER BY 1, 2""",
    "repeat_purchase": f"""
        WITH s AS (SELECT customer_id, receipt_id, business_on FROM receipts
                   WHERE {_COUNTED} AND business_on <= DATE '{{as_of}}'),
        n AS (SELECT *, row_number() OVER w AS purchase, lead(business_on) OVER w AS next_on FROM s
              WINDOW w AS (PARTITION BY customer_id ORDER BY business_on, receipt_id))
        SELECT purchase, count(*), count(next_on), sum(next_on - business_on) FROM n WHERE purchase <= 10
        GROUP BY 1 ORDER BY 1""",
    "revenue_by_category": """
        SELECT category, sum(l.net), sum(l.net) FILTER (l.net > 0), count(*) FILTER (l.net > 0), sum(quantity)
        FROM lines l LEFT JOIN products p USING (product_id)
        WHERE business_on <= DATE '{as_of}' AND business_on > DATE '{as_of}' - 365 GROUP BY 1 ORDER BY 2 DESC""",
    "top_customers": """
        SELECT customer_id, sum(kept) AS money, sum(receipts) FROM customer_months GROUP BY 1
        ORDER BY money DESC, customer_id LIMIT 100""",
}


def metrics() -> Result:
    """Reports as of the last business day, median of five runs each."""
    snapshot = read_current(lake_root())
    if snapshot is None:
        raise LakeEmpty
    as_of: date = Receipt.objects.unscoped().aggregate(last=Max("business_on"))["last"]
    found = Result("metrics", FLOOR)
    for name, sql in BY_HAND.items():
        floor = _timed(partial(_by_hand, snapshot, sql.format(as_of=as_of)))
        spent = _timed(partial(get_report, by=command_actor(), name=name, as_of=as_of))
        figures: dict[str, float | int | str] = {
            **spent,
            "by hand: wall ms": floor["wall ms"],
            "by hand: CPU ms": floor["CPU ms"],
        }
        found.rows.append(Row(name, figures, ratio(spent["wall ms"], floor["wall ms"]), "≤ 1.5 × by hand"))
    return found


def _by_hand(snapshot: Snapshot, sql: str) -> None:
    root: Path = lake_root()
    with duckdb.connect(config={"threads": 2}) as con:
        for name, files in snapshot.datasets.items():
            if files:
                paths = ", ".join(f"'{root / each.path}'" for each in files)
                con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{paths}])")
        con.execute(sql).fetchall()


def _timed(work: Callable[[], object]) -> dict[str, float]:
    work()
    walls, cpu = [], time.process_time()
    for _ in range(TIMES):
        started = time.perf_counter()
        work()
        walls.append((time.perf_counter() - started) * 1000)
    return {
        "wall ms": round(percentile(walls, 0.5), 1),
        "CPU ms": round((time.process_time() - cpu) * 1000 / TIMES, 1),
    }
