"""Turns the UCI Online Retail file straight into a lake: one receipt per invoice, cents rounded per line."""

from __future__ import annotations

from pathlib import Path

import duckdb

from akrab.insight.tests.factories import write_lake
from akrab.platform.lake.manifest import Snapshot

FILE = "online_retail/online_retail.parquet"

TABLES = """
CREATE TABLE source AS
SELECT *, round(UnitPrice * Quantity * 100)::BIGINT AS amount, row_number() OVER () AS place,
    CASE left(InvoiceNo, 1) WHEN 'C' THEN 'return' WHEN 'A' THEN 'adjustment' ELSE 'sale' END AS kind
FROM read_parquet('{file}');

CREATE TABLE receipts AS
SELECT InvoiceNo AS receipt_id, max(CustomerID)::VARCHAR AS customer_id, 'web' AS branch_id, 'web' AS channel,
    any_value(kind) AS kind, InvoiceNo AS number, min(InvoiceDate)::DATE AS business_on,
    min(InvoiceDate) AS occurred_at, hour(min(InvoiceDate)) AS hour, 'GBP' AS currency, sum(amount) AS net, 0 AS tax,
    sum(amount) AS total, 0 AS returned, NULL AS original_id, 0 AS paid_with_points, sum(amount) AS base_net,
    0 AS brought_back, 0 AS base_brought_back, count(*) AS lines
FROM source GROUP BY InvoiceNo;

CREATE TABLE lines AS
SELECT s.InvoiceNo AS receipt_id, row_number() OVER (PARTITION BY s.InvoiceNo ORDER BY place) AS line,
    r.customer_id, 'web' AS branch_id, 'web' AS channel, s.kind, r.business_on, StockCode AS product_id,
    StockCode AS sku, Quantity AS quantity, amount AS net, amount AS base_net, NULL::BIGINT AS "cost", 'GBP' AS currency
FROM source s JOIN receipts r ON r.receipt_id = s.InvoiceNo;

CREATE TABLE products AS
SELECT StockCode AS product_id, StockCode AS sku, min(Description) AS name, left(StockCode, 2) AS category_id,
    left(StockCode, 2) AS category,
    NULL::BIGINT AS price, NULL::BIGINT AS "cost" FROM source GROUP BY StockCode;

CREATE TABLE branches AS
SELECT 'web' AS branch_id, 'web' AS code, 'Web' AS name, 'web' AS channel, 'Europe/London' AS zone;

CREATE TABLE customers AS
SELECT CustomerID::VARCHAR AS customer_id, 'person' AS kind, 'Customer ' || CustomerID AS name,
    'active' AS lifecycle_stage, min(Country) AS country, '' AS city, min(InvoiceDate)::DATE AS registered_on
FROM source WHERE CustomerID IS NOT NULL GROUP BY CustomerID;
"""


def online_retail_lake(data_folder: Path, root: Path) -> Snapshot:
    """A lake of the whole file."""
    with duckdb.connect() as con:
        con.execute(TABLES.replace("{file}", str(data_folder / FILE)))
        return write_lake(con, root)
