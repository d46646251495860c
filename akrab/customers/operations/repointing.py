"""Giving rows of every room to the survivor of a merge, table by table in sets, and giving them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from akrab.platform.bulk import fetch
from akrab.platform.journal.declaring import declared
from akrab.platform.merging import Repointed, repointed

_SETTLE = """
WITH settled AS (
    UPDATE customers_reviewitem SET settled_at = %(at)s
    WHERE settled_at IS NULL AND customer_id = ANY(%(all)s) AND other_id = ANY(%(all)s) RETURNING id
) INSERT INTO customers_mergemove (merge_id, relation, "column", key)
SELECT %(merge)s, 'customers_reviewitem', 'settled_at', id::text FROM settled
"""


def repoint(merge_id: UUID, survivor_id: UUID, gone: Sequence[UUID], *, at: datetime) -> None:
    """Every declared row of the merged customers becomes the survivor's; evidence between them is settled."""
    fetch(_SETTLE, {"merge": merge_id, "at": at, "all": [survivor_id, *gone]})
    for one in repointed():
        values = {"merge": merge_id, "survivor": survivor_id, "gone": list(gone), "table": one.table, "column": one.column}
        if one.unique is not None:
            fetch(_drop(one), values)
        fetch(_move(one), values)


def _drop(one: Repointed) -> str:
    """SQL that takes away rows that would say what the survivor has already, and notes them."""
    assert one.unique is not None
    same = ", ".join(f't."{name}"' for name in one.unique) or "true"
    gone = (
        f"DELETE FROM {one.table} t USING (SELECT t.id, row_number() OVER (PARTITION BY {same} "
        f'ORDER BY (t."{one.column}" = %(survivor)s) DESC, t.id) AS place FROM {one.table} t '
        f'WHERE t."{one.column}" = ANY(%(gone)s || %(survivor)s::uuid) AND {one.only}) AS ranked '
        f'WHERE t.id = ranked.id AND ranked.place > 1 AND t."{one.column}" = ANY(%(gone)s)'
    )
    if one.table in declared():
        return gone
    return (
        f"WITH gone AS ({gone} RETURNING t.id, to_jsonb(t) AS image) "
        'INSERT INTO customers_mergemove (merge_id, relation, "column", key, image) '
        "SELECT %(merge)s, %(table)s, %(column)s, id::text, image FROM gone"
    )


def _move(one: Repointed) -> str:
    renews = f", {one.renews}" if one.renews else ""
    if one.table in declared():
        found = f't."{one.column}" = ANY(%(gone)s) AND {one.only}'
        return f'UPDATE {one.table} t SET "{one.column}" = %(survivor)s{renews} WHERE {found}'
    return (
        f'WITH was AS (SELECT t.id, t."{one.column}" AS was FROM {one.table} t WHERE t."{one.column}" = ANY(%(gone)s) '
        f"AND {one.only} ORDER BY t.id FOR UPDATE), moved AS ("
        f'UPDATE {one.table} t SET "{one.column}" = %(survivor)s{renews} FROM was WHERE t.id = was.id RETURNING t.id, was.was) '
        'INSERT INTO customers_mergemove (merge_id, relation, "column", key, was) '
        "SELECT %(merge)s, %(table)s, %(column)s, id::text, was FROM moved"
    )


def take_back_moves(merge_id: UUID, survivor_id: UUID) -> None:
    """Rows that are still the survivor's go back, rows that were taken away come back; what is newer stays."""
    values = {"merge": merge_id, "survivor": survivor_id}
    for one in reversed(repointed()):
        renews = f", {one.renews}" if one.renews else ""
        moves = f"m.merge_id = %(merge)s AND m.relation = '{one.table}' AND m.\"column\" = '{one.column}'"
        fetch(
            f"WITH moved AS MATERIALIZED (SELECT m.key::{one.key} AS id, m.was FROM customers_mergemove m "
            f'WHERE {moves} AND m.image IS NULL) UPDATE {one.table} t SET "{one.column}" = moved.was{renews} FROM moved '
            f'WHERE t.id = moved.id AND t."{one.column}" = %(survivor)s',
            values,
        )
        if one.unique is not None and one.table not in declared():
            fetch(
                f"INSERT INTO {one.table} SELECT p.* FROM customers_mergemove m, "
                f"LATERAL jsonb_populate_record(NULL::{one.table}, m.image) AS p "
                f"WHERE {moves} AND m.image IS NOT NULL ON CONFLICT DO NOTHING",
                values,
            )
    fetch(
        "UPDATE customers_reviewitem r SET settled_at = NULL FROM customers_mergemove m WHERE m.merge_id = %(merge)s "
        "AND m.relation = 'customers_reviewitem' AND m.\"column\" = 'settled_at' AND r.id::text = m.key",
        values,
    )
