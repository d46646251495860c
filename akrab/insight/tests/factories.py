"""Makes small lakes by hand: rows in the form of the datasets, written as Parquet with a manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from akrab.commerce import datasets as commerce
from akrab.customers import datasets as customers
from akrab.platform.lake.declaration import WHOLE, Declared, RollUp
from akrab.platform.lake.manifest import DataFile, Snapshot, commit
from akrab.platform.lake.writing import write_partition

DATASETS: dict[str, Declared] = {each.name: each for each in (*customers.DATASETS, *commerce.DATASETS)}
Row = Mapping[str, Any]

_numbers = count(1)


def sale(customer: str | None = None, on: str = "2024-01-15", net: int = 1000, **what_matters: Any) -> Row:
    """A receipt row; a sale unless said otherwise."""
    number = f"r{next(_numbers):05}"
    day = date.fromisoformat(on)
    return {
        "receipt_id": number, "customer_id": customer, "branch_id": "b1", "channel": "store", "kind": "sale",
        "number": number, "business_on": day, "occurred_at": datetime.combine(day, time(5)), "hour": 12,
        "currency": "IDR", "net": net, "tax": 0, "total": net, "returned": 0, "original_id": None,
        "paid_with_points": 0, "base_net": net, "brought_back": 0, "base_brought_back": 0, "lines": 1, **what_matters,
    }  # fmt: skip


def taken_back(customer: str | None = None, on: str = "2024-01-20", net: int = -1000, **what_matters: Any) -> Row:
    """A return; blind unless it names its `original_id`."""
    return sale(customer, on, net, kind="return", **what_matters)


def exchange(customer: str | None, on: str, net: int, back: int, **what_matters: Any) -> Row:
    """An exchange that brings back goods worth `back` and sells goods worth that and `net` more."""
    return sale(customer, on, net, kind="exchange", brought_back=back, base_brought_back=back, **what_matters)


def line(receipt: Row, product: str | None = "p1", net: int | None = None, number: int = 1, quantity: float = 1) -> Row:
    """A line of a receipt."""
    amount = receipt["net"] if net is None else net
    copied = ("receipt_id", "customer_id", "branch_id", "channel", "kind", "business_on", "currency")
    return {
        **{name: receipt[name] for name in copied}, "line": number, "product_id": product, "sku": product or "",
        "quantity": quantity, "net": amount, "base_net": amount, "cost": None,
    }  # fmt: skip


def branch(code: str = "b1", name: str = "Kemang", channel: str = "store", zone: str = "Asia/Jakarta") -> Row:
    return {"branch_id": code, "code": code, "name": name, "channel": channel, "zone": zone}


def product(code: str = "p1", category: str | None = "Coffee") -> Row:
    return {
        "product_id": code,
        "sku": code,
        "name": code,
        "category_id": category and f"c-{category}",
        "category": category,
        "price": 1000,
        "cost": 400,
    }


def customer(code: str, name: str | None = None) -> Row:
    return {
        "customer_id": code, "kind": "person", "name": name or f"Customer {code}", "lifecycle_stage": "active",
        "country": "", "city": "", "registered_on": date(2020, 1, 1),
    }  # fmt: skip


def make_lake(root: Path, receipts: Sequence[Row], **others: Sequence[Row]) -> Snapshot:
    """A lake with these rows; customers, a branch, a product and lines are made up when not given."""
    known = sorted({row["customer_id"] for row in receipts if row["customer_id"]})
    tables = {
        "customers": [customer(each) for each in known],
        "branches": [branch()],
        "products": [product()],
        "lines": [line(each) for each in receipts],
        "receipts": receipts,
        **others,
    }
    with duckdb.connect() as con:
        for name, rows in tables.items():
            _create(con, DATASETS[name], rows)
        return write_lake(con, root)


def write_lake(con: duckdb.DuckDBPyConnection, root: Path) -> Snapshot:
    """A lake of the tables of a DuckDB connection that are named like the datasets."""
    files: dict[str, tuple[DataFile, ...]] = {}
    for dataset in DATASETS.values():
        if isinstance(dataset, RollUp):
            files[dataset.name] = tuple(_rolled_up(con, root, dataset, each) for each in files[dataset.of])
        else:
            files[dataset.name] = tuple(_written(con, root, dataset))
    snapshot = Snapshot(1, datetime(2024, 7, 1, tzinfo=UTC), 1, "made by hand", files, {})
    commit(root, snapshot)
    return snapshot


def _create(con: duckdb.DuckDBPyConnection, dataset: Declared, rows: Sequence[Row]) -> None:
    con.execute(f"CREATE TABLE {dataset.name} ({', '.join(f'{name} {kind}' for name, kind in dataset.columns)})")
    places = ", ".join("?" for _ in dataset.columns)
    if rows:
        values = [[row[name] for name, _ in dataset.columns] for row in rows]
        con.executemany(f"INSERT INTO {dataset.name} VALUES ({places})", values)


def _written(con: duckdb.DuckDBPyConnection, root: Path, dataset: Declared) -> list[DataFile]:
    if not dataset.span:
        return [write_partition(con, root, dataset, WHOLE, dataset.name)]
    month = "year(business_on) * 12 + month(business_on) - 1"
    found = con.execute(f"SELECT DISTINCT {month} AS m FROM {dataset.name} ORDER BY 1").fetchall() or [(WHOLE,)]
    return [
        write_partition(con, root, dataset, each, f"(SELECT * FROM {dataset.name} WHERE {month} = {each})") for (each,) in found
    ]


def _rolled_up(con: duckdb.DuckDBPyConnection, root: Path, dataset: RollUp, of: DataFile) -> DataFile:
    sql = dataset.sql.replace("{source}", f"read_parquet('{root / of.path}')").replace("{month}", str(of.month))
    return write_partition(con, root, dataset, of.month, f"({sql})")
