"""Indexes of fields that are to be quick: those wanted are built, those not wanted any more are dropped, beside all work."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import structlog
from django.db import DatabaseError

from akrab.platform.bulk import fetch
from akrab.platform.customizing.declaring import all_customizable
from akrab.platform.customizing.expressions import on, order_sql, value_sql
from akrab.platform.customizing.fields import Custom, custom_fields
from akrab.platform.customizing.models import CustomField

_LOCK = 7_310_020
log = structlog.get_logger("akrab.platform.customizing")


def reconcile() -> dict[str, int]:
    """Bring the indexes of custom fields to what the definitions say; counts built, dropped and failed.

    Runs outside of transactions, so that nobody waits for it; one process at a time.
    """
    counts = {"built": 0, "dropped": 0, "failed": 0}
    if not fetch("SELECT pg_try_advisory_lock(%s)", [_LOCK])[0][0]:
        return counts
    try:
        wanted, there = _wanted(), _there()
        for name in [name for name, is_valid in there.items() if not is_valid or name not in wanted]:
            fetch(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            counts["dropped"] += 1
        tables = {table for name, (table, _sql) in wanted.items() if not there.get(name)}
        for name in [name for name in wanted if not there.get(name)]:
            counts["built" if _build(name, wanted[name][1]) else "failed"] += 1
        for table in sorted(tables):
            fetch(f"ANALYZE {table}")
        _note(set(_there()))
    finally:
        fetch("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return counts


def indexes_of(custom: Custom, table: str) -> dict[str, tuple[str, str]]:
    """The statements that build the indexes of a field, with their table, by name."""
    order, value = on(order_sql(custom), ""), on(value_sql(custom), "")
    ways = [f"USING gin ({value})" if custom.kind == "choices" else f"(({order}), id)"]
    if custom.kind in {"text", "url"}:
        ways.append(f"USING gin (({order}) gin_trgm_ops)")
    return {(name := _name(table, way)): (table, f"CREATE INDEX CONCURRENTLY {name} ON {table} {way}") for way in ways}


def _name(table: str, way: str) -> str:
    return f"custom_{hashlib.sha256(f'{table} {way}'.encode()).hexdigest()[:16]}"


def _wanted() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for what in all_customizable():
        for custom in custom_fields(what.name):
            if custom.is_searchable:
                found |= indexes_of(custom, what.table)
    return found


def _there() -> Mapping[str, bool]:
    """Our indexes and whether they can be used; one that was left half built cannot."""
    rows = fetch(
        "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE c.relname ~ '^custom_[0-9a-f]{16}$' AND pg_table_is_visible(c.oid)"
    )
    return dict(rows)


def _build(name: str, sql: str) -> bool:
    try:
        fetch(sql)
    except DatabaseError as problem:  # a formula over days cannot be indexed: it is worked out each time
        log.warning("custom_index.failed", index=name, problem=str(problem)[:300])
        fetch(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        return False
    return True


def _note(there: set[str]) -> None:
    for what in all_customizable():
        for custom in custom_fields(what.name):
            is_indexed = custom.is_searchable and set(indexes_of(custom, what.table)) <= there
            CustomField.objects.filter(pk=custom.id).exclude(is_indexed=is_indexed).update(is_indexed=is_indexed)
