"""What customers offers to insight: one row per person or company."""

from __future__ import annotations

from django.conf import settings

from akrab.platform.lake.declaration import Dataset, Partitions

DATASETS = (
    Dataset(
        name="customers",
        columns=(
            ("customer_id", "VARCHAR"),
            ("kind", "VARCHAR"),
            ("name", "VARCHAR"),
            ("lifecycle_stage", "VARCHAR"),
            ("country", "VARCHAR"),
            ("city", "VARCHAR"),
            ("registered_on", "DATE"),
        ),
        sql=(
            "SELECT id::text AS customer_id, kind, display_name AS name, stage AS lifecycle_stage, country, city,"
            f" (registered_at AT TIME ZONE '{settings.TIME_ZONE}')::date AS registered_on FROM customers_customer"
            " WHERE trashed_at IS NULL"
        ),
        order=("customer_id",),
        partitions=Partitions(
            name="customers",
            counted="SELECT 0, count(*) FROM customers_customer WHERE trashed_at IS NULL",
            touched="SELECT 0 WHERE EXISTS (SELECT 1 FROM customers_customer WHERE changed_xid >= {since})",
        ),
    ),
)
