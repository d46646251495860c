"""The Olist tables (Brazilian marketplace), joined into one table of order lines."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from akrab.platform.importing.kinds import Preset
from akrab.platform.importing.plans import BadMapping
from akrab.platform.later import Later
from akrab.platform.tabular.sentences import gettext_noop

if TYPE_CHECKING:
    import duckdb
else:
    duckdb = Later("duckdb")

_TABLES = ("orders", "order_items", "order_payments", "customers", "products", "product_category_name_translation")
_COLUMNS = {
    "orders": ("order_id", "customer_id", "order_status", "order_purchase_timestamp"),
    "order_items": ("order_id", "order_item_id", "product_id", "shipping_limit_date", "price", "freight_value"),
    "order_payments": ("order_id", "payment_sequential", "payment_type", "payment_value"),
    "customers": ("customer_id", "customer_unique_id", "customer_city", "customer_state"),
    "products": ("product_id", "product_category_name"),
    "product_category_name_translation": ("product_category_name", "product_category_name_english"),
}

_VIEWS = """
CREATE TEMP VIEW goods AS
SELECT p.product_id, replace(coalesce(t.product_category_name_english, p.product_category_name), '_', ' ') AS category
FROM products p LEFT JOIN product_category_name_translation t USING (product_category_name);
CREATE TEMP VIEW paid AS
SELECT order_id, sum(CAST(payment_value AS DECIMAL(12, 2))) AS amount,
    string_agg(payment_type || '=' || CAST(payment_value AS DECIMAL(12, 2)), ';' ORDER BY CAST(payment_sequential AS INT),
        payment_type) AS payments
FROM order_payments GROUP BY order_id;
CREATE TEMP VIEW sent AS
SELECT order_id, sum(CAST(freight_value AS DECIMAL(12, 2))) AS freight,
    min(CAST(shipping_limit_date AS TIMESTAMP)) AS first_limit
FROM order_items GROUP BY order_id;
"""

_LINES = """
SELECT o.order_id, CAST(coalesce(o.purchased, s.first_limit) AS TIMESTAMP) AS purchased_at, o.order_status,
    c.customer_unique_id, c.customer_city, CASE WHEN c.customer_id IS NULL THEN NULL ELSE 'BR' END AS country,
    c.customer_state, CAST(coalesce(i.order_item_id, '1') AS INT) AS line, i.product_id,
    CASE WHEN i.product_id IS NULL THEN 'Order without items'
        ELSE coalesce(g.category, 'product') || ' ' || left(i.product_id, 6) END AS product, g.category,
    CAST(coalesce(CAST(i.price AS DECIMAL(12, 2)), p.amount, 0) AS DECIMAL(12, 2)) AS price,
    CAST(coalesce(s.freight, 0) AS DECIMAL(12, 2)) AS freight, p.payments,
    coalesce(o.order_status IN ('canceled', 'unavailable'), false) AS voided
FROM {orders} o
LEFT JOIN order_items i ON i.order_id = o.order_id LEFT JOIN sent s ON s.order_id = o.order_id
LEFT JOIN paid p ON p.order_id = o.order_id LEFT JOIN customers c ON c.customer_id = o.customer_id
LEFT JOIN goods g ON g.product_id = i.product_id
"""
_ORDERS = "(SELECT order_id, customer_id, order_status, CAST(order_purchase_timestamp AS TIMESTAMP) AS purchased FROM orders)"
_ORDERS_FROM_ITEMS = (
    "(SELECT DISTINCT order_id, NULL::VARCHAR AS customer_id, NULL::VARCHAR AS order_status, NULL::TIMESTAMP AS purchased "
    "FROM order_items)"
)


def join_tables(path: Path, folder: Path) -> Path:
    """One Parquet file with a row per order line, from a folder or ZIP of Olist tables (CSV or Parquet)."""
    tables = _find_tables(_unpacked(path, folder))
    if "order_items" not in tables:
        raise BadMapping(gettext_noop("There is no order_items table in %(path)s."), path=path.name)
    out = folder / "olist.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '256MB'")
        connection.execute(f"SET temp_directory = '{folder}'")
        for name in _TABLES:
            columns = ", ".join(f"CAST({column} AS VARCHAR) AS {column}" for column in _COLUMNS[name])
            connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {columns} FROM {_source(name, tables.get(name))}")
        connection.execute(_VIEWS)
        lines = _LINES.format(orders=_ORDERS if "orders" in tables else _ORDERS_FROM_ITEMS)
        connection.execute(f"COPY ({lines}) TO '{out}' (FORMAT parquet)")
    return out


def _source(name: str, file: Path | None) -> str:
    if file is None:
        nothing = ", ".join(f"NULL::VARCHAR AS {column}" for column in _COLUMNS[name])
        return f"(SELECT {nothing} WHERE false)"
    quoted = str(file).replace("'", "''")
    if file.suffix.lower() == ".parquet":
        return f"read_parquet('{quoted}')"
    return f"read_csv('{quoted}', header = true, all_varchar = true)"


def _find_tables(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for file in sorted(folder.rglob("*")) if folder.name == "unpacked" else sorted(folder.iterdir()):
        name = file.stem.removeprefix("olist_").removesuffix("_dataset")
        if name in _TABLES and file.suffix.lower() in {".csv", ".parquet"}:
            found.setdefault(name, file)
    return found


def _unpacked(path: Path, folder: Path) -> Path:
    if path.is_dir():
        return path
    target = folder / "unpacked"
    target.mkdir()
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                name = Path(entry.filename).name
                if not entry.is_dir() and Path(name).suffix.lower() in {".csv", ".parquet"}:
                    with archive.open(entry) as source, (target / name).open("wb") as out:
                        while block := source.read(1 << 20):
                            out.write(block)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as problem:
        raise BadMapping(gettext_noop("The olist preset takes a folder or a ZIP archive of the tables.")) from problem
    return target


OLIST = Preset(
    name="olist",
    label=gettext_lazy("Olist (Brazilian marketplace, folder or ZIP of its tables)"),
    columns={
        "order_id": "receipt",
        "purchased_at": "date",
        "order_status": "attribute",
        "customer_unique_id": "customer_id",
        "customer_city": "city",
        "country": "country",
        "customer_state": "attribute",
        "line": "line",
        "product_id": "sku",
        "product": "product",
        "category": "category",
        "price": "price",
        "freight": "shipping",
        "payments": "tenders",
        "voided": "voided",
    },
    settings={
        "source": "olist",
        "currency": "BRL",
        "branch": "olist",
        "branch_name": "Olist",
        "zone": "America/Sao_Paulo",
        "channel": "marketplace",
    },
    prepare=join_tables,
)
