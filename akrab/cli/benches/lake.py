"""The lake: a full export, one more changed day, beside one plain DuckDB copy of the same tables."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import psutil

from akrab.cli.benches.measure import Result, Row, ratio
from akrab.platform.bulk import fetch
from akrab.platform.lake.manifest import read_current
from akrab.platform.lake.source import open_source
from akrab.platform.lake.updating import update_lake

FLOOR = "DuckDB copying customers, receipts and lines from PostgreSQL to Parquet, unsorted and unpartitioned"
COPIES = {
    "customers": "SELECT id, kind, display_name, stage, country, city, registered_at FROM customers_customer",
    "receipts": (
        "SELECT id, customer_id, branch_id, channel, kind, number, business_on, occurred_at, currency, net, tax, total, "
        "returned FROM commerce_receipt"
    ),
    "lines": "SELECT receipt_id, line, product_id, sku, quantity::float8 AS quantity, net, cost FROM commerce_receiptline",
}


def lake() -> Result:
    """Into temporary folders; the home's own lake is not touched. One receipt of the last month is marked as changed."""
    with tempfile.TemporaryDirectory(prefix="akrab-bench-") as folder:
        root, again, plain = Path(folder, "one"), Path(folder, "two"), Path(folder, "plain")
        floor = _timed(lambda: _plain_copy(plain))
        full = _timed(lambda: _update(root, rebuild=True))
        nothing = _timed(lambda: _update(root))
        fetch(
            "UPDATE commerce_receipt SET changed_xid = pg_current_xact_id()::text::bigint WHERE id = "
            "(SELECT id FROM commerce_receipt ORDER BY occurred_at DESC, id DESC LIMIT 1)"
        )
        day = _timed(lambda: _update(root))
        _update(again, rebuild=True)
        same = _digest(root) == _digest(again)
        return Result(
            "lake",
            FLOOR,
            [
                Row("plain copy", {**floor, "bytes": _bytes(plain)}, 1.0),
                Row("full export", {**full, "bytes": _bytes(root)}, ratio(full["CPU s"], floor["CPU s"]), "≤ 15 min"),
                Row("nothing changed", nothing),
                Row("one more day", {**day, "same bytes as a full export": str(same)}, None, "≤ 30 s, same hash"),
            ],
        )


def _update(root: Path, *, rebuild: bool = False) -> None:
    update_lake(root, at=datetime.now(UTC), rebuild=rebuild)


def _plain_copy(folder: Path) -> None:
    folder.mkdir()
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as con, open_source(con) as source:
        for name, sql in COPIES.items():
            con.execute(f"COPY (FROM {source.relation(sql, ())}) TO '{folder / name}.parquet' (COMPRESSION zstd)")


def _timed(work: Callable[[], None]) -> dict[str, float]:
    started, cpu = time.perf_counter(), time.process_time()
    work()
    peak = psutil.Process().memory_info().rss / 2**20
    return {
        "wall s": round(time.perf_counter() - started, 2),
        "CPU s": round(time.process_time() - cpu, 2),
        "resident MiB after": round(peak),
    }


def _bytes(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*.parquet"))


def _digest(root: Path) -> str:
    """One hash over the bytes of the current snapshot's files, in the order of the manifest."""
    snapshot = read_current(root)
    assert snapshot is not None
    digest = hashlib.sha256()
    for name in sorted(snapshot.datasets):
        for file in snapshot.datasets[name]:
            digest.update((root / file.path).read_bytes())
    return digest.hexdigest()
