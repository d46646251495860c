"""Taking back the rows of a journal entry, set by set: what is still as the entry left it, and a list of what is not.

Works in a temporary table `undone` with one line per changed row of the entry: its first and last kind of change, the oldest
before-image of each field and the newest after-image.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.fields import forget
from akrab.platform.journal.declaring import (
    Journalled,
    children_first,
    declared,
    quoted,
    references_to,
    taking_back,
)

FEW = 200

_COLLECT = """
CREATE TEMP TABLE undone ON COMMIT DROP AS
SELECT relation, key, owner, last_seq, before, after, left_as,
    CASE WHEN first = 'i' AND last = 'd' THEN 'nothing' WHEN first = 'i' THEN 'created' WHEN last = 'd' THEN 'deleted'
        ELSE 'changed' END AS state
FROM (
    SELECT relation, key, min(owner_id::text)::uuid AS owner, max(seq) AS last_seq, NULL::text AS left_as,
        (array_agg(kind ORDER BY seq))[1] AS first, (array_agg(kind ORDER BY seq DESC))[1] AS last,
        platform_merge(before ORDER BY seq DESC) AS before, platform_merge(after ORDER BY seq) AS after
    FROM platform_journalrow WHERE entry_id = %s GROUP BY relation, key
) AS net
"""

_KEEP = """
INSERT INTO platform_journalleft (entry_id, relation, key, owner_id, field, reason, before, now)
SELECT %s, relation, key, owner, '', left_as, NULL, NULL FROM undone WHERE left_as IS NOT NULL
"""

# An entry counts while its effect is there: it is not undone, and it is a doing (or a doing again), not an undoing.
_TOUCHED = """
SELECT 1 FROM platform_journalrow later JOIN platform_journalentry e ON e.id = later.entry_id
WHERE later.owner_id = u.owner AND later.entry_id > %(entry)s AND later.relation = u.relation AND later.key = u.key
    AND e.depth %% 2 = 0 AND NOT EXISTS (SELECT 1 FROM platform_journalentry x WHERE x.undoes_id = e.id)
"""


def take_back_rows(entry_id: UUID, new_id: UUID, *, by: Actor, at: datetime) -> dict[str, int]:
    """Restore what an entry changed; counts rows restored, removed and brought back, and what was left."""
    forget()
    fetch(_COLLECT, [entry_id])
    if fetch("SELECT count(*) > %s FROM undone", [FEW])[0][0]:
        fetch("CREATE INDEX ON undone (relation, state)")
        fetch("ANALYZE undone")
    try:
        here = [row[0] for row in fetch("SELECT DISTINCT relation FROM undone")]
        counts = {"restored": 0, "removed": 0, "brought_back": 0}
        counts["removed"] += _by_rooms(here, by=by, at=at)
        tables = [one for one in children_first() if one.table in here]
        for one in tables:
            _keep_used(one, entry_id)
        counts["removed"] += sum(_remove(one, entry_id) for one in tables)
        counts["brought_back"] += sum(_bring_back(one, at) for one in reversed(tables))
        counts["restored"] += sum(_restore(one, entry_id, new_id, at) for one in tables)
        counts["removed"] += sum(_remove(one, entry_id) for one in tables)
        for one in tables:
            _explain(one, entry_id)
        fetch(_KEEP, [new_id])
        counts["left"] = fetch("SELECT count(*) FROM platform_journalleft WHERE entry_id = %s", [new_id])[0][0]
    finally:
        if not transaction.get_connection().needs_rollback:
            fetch("DROP TABLE undone")
    return counts


def _by_rooms(here: Iterable[str], *, by: Actor, at: datetime) -> int:
    """Rows that a room noted itself are taken back by that room."""
    taken = 0
    for table in [one for one in here if one not in declared()]:
        rows = fetch("SELECT key, state, before FROM undone WHERE relation = %s ORDER BY last_seq", [table])
        created = [row[0] for row in rows if row[1] == "created"]
        changed = [(row[0], json.loads(row[2])) for row in rows if row[1] == "changed"]
        left = taking_back()[table](by=by, at=at, created=created, changed=changed)
        _leave(table, left)
        taken += len(rows) - len({tuple(key) for key, _reason, _detail in left})
    return taken


def _leave(table: str, left: Iterable[tuple[list[str], str, str]]) -> None:
    for key, reason, _detail in left:
        fetch("UPDATE undone SET left_as = %s WHERE relation = %s AND key = %s", [reason, table, key])


def _keep_used(one: Journalled, entry_id: UUID) -> None:
    """A created thing that is in use or was changed since stays, and what was created with it stays too."""
    if one.owner != one.keys[0][0]:
        return
    match, key = one.matches("t", "u.key"), quoted(one.keys[0][0])
    reasons = [f"WHEN EXISTS ({_TOUCHED}) THEN 'changed_since'"]
    for table, column in references_to(one.table):
        if table not in one.goes_with:
            reasons.append(
                f"WHEN EXISTS (SELECT 1 FROM {table} c WHERE c.{quoted(column)} = t.{key}{_not_ours(table)}) THEN 'in_use'"
            )
    fetch(
        f"UPDATE undone u SET left_as = CASE {' '.join(reasons)} END FROM {one.table} t WHERE {match} "
        "AND u.relation = %(table)s AND u.state = 'created'",
        {"table": one.table, "entry": entry_id},
    )
    fetch(
        "UPDATE undone u SET state = 'done' FROM undone o WHERE o.relation = %(table)s AND o.left_as IS NOT NULL "
        "AND u.owner = o.owner AND u.state = 'created'",
        {"table": one.table},
    )


def _not_ours(table: str) -> str:
    """SQL: and the row that refers was not created by the same entry."""
    child = declared().get(table)
    if child is None:
        return ""
    key = ", ".join(f"c.{quoted(name)}::text" for name, _kind in child.keys)
    return (
        f" AND NOT EXISTS (SELECT 1 FROM undone v WHERE v.relation = '{table}' AND v.state = 'created' AND v.key = ARRAY[{key}])"
    )


def _remove(one: Journalled, entry_id: UUID) -> int:
    """Delete created rows that nobody changed since and that nothing refers to; a self-reference goes leaf by leaf."""
    match = one.matches("t", "u.key")
    wanted = "u.relation = %(table)s AND u.state = 'created'"
    free = [f"NOT EXISTS ({_TOUCHED})"]
    free += [
        f"NOT EXISTS (SELECT 1 FROM {table} c WHERE c.{quoted(column)} = t.{quoted(one.keys[0][0])})"
        for table, column in references_to(one.table)
        if table not in one.goes_with
    ]
    removed = 0
    if not fetch("SELECT 1 FROM undone WHERE relation = %s AND state = 'created' LIMIT 1", [one.table]):
        return removed
    fetch(f"SELECT 1 FROM {one.table} t JOIN undone u ON {match} WHERE {wanted} FOR UPDATE OF t", {"table": one.table})
    while True:
        fetch(
            f"UPDATE undone u SET state = 'removable' FROM {one.table} t WHERE {match} AND {wanted} AND {' AND '.join(free)}",
            {"table": one.table, "entry": entry_id},
        )
        for table, column in references_to(one.table):
            if table in one.goes_with:
                fetch(
                    f"DELETE FROM {table} c USING undone u WHERE u.relation = %s AND u.state = 'removable' "
                    f"AND c.{quoted(column)} = u.key[1]::{one.keys[0][1]}",
                    [one.table],
                )
        gone = fetch(
            f"DELETE FROM {one.table} t USING undone u WHERE {match} AND u.relation = %s AND u.state = 'removable' RETURNING 1",
            [one.table],
        )
        fetch("UPDATE undone SET state = 'done' WHERE relation = %s AND state = 'removable'", [one.table])
        removed += len(gone)
        if not gone or not any(table == one.table for table, _column in references_to(one.table)):
            return removed


def _bring_back(one: Journalled, at: datetime) -> int:
    """Insert deleted rows again, as they were, where their parents are there and nothing took their place."""
    names = ", ".join(quoted(name) for name in one.columns)
    values = ", ".join(f"p.{quoted(name)}" for name in one.columns)
    parents = "".join(
        f" AND (p.{quoted(column)} IS NULL OR EXISTS (SELECT 1 FROM {table} x WHERE x.{quoted(there)} = p.{quoted(column)}))"
        for column, table, there in one.parents
    )
    sql = (
        f"WITH back AS (INSERT INTO {one.table} ({names}) SELECT {values} FROM undone u, "
        f"LATERAL jsonb_populate_record(NULL::{one.table}, {_deep(one, 'NULL')}{_renewed(one, 'u.before')}) AS p "
        f"WHERE u.relation = %(table)s AND u.state = 'deleted' {{only}}{parents} ON CONFLICT DO NOTHING RETURNING "
        f"ARRAY[{', '.join(f'{quoted(name)}::text' for name, _kind in one.keys)}] AS key) "
        "UPDATE undone u SET state = 'done' FROM back WHERE u.relation = %(table)s AND u.key = back.key RETURNING 1"
    )
    return _carefully(
        one, "deleted", lambda only, more: len(fetch(sql.format(only=only), {"table": one.table, "at": at, **more}))
    )


def _restore(one: Journalled, entry_id: UUID, new_id: UUID, at: datetime) -> int:
    """Give changed fields their former values where they still have the value that the entry left."""
    match = one.matches("t", "u.key")
    fetch(
        f"SELECT 1 FROM {one.table} t JOIN undone u ON {match} WHERE u.relation = %s AND u.state = 'changed' "
        f"ORDER BY t.{quoted(one.keys[0][0])} FOR UPDATE OF t",
        [one.table],
    )
    fetch(
        "WITH fields AS MATERIALIZED ("
        "  SELECT u.key, u.owner, f.key AS field, u.before->f.key AS was, v.now, v.now = f.value AS same "
        f"  FROM undone u JOIN {one.table} t ON {match}, LATERAL (SELECT platform_flat(to_jsonb(t)) AS doc OFFSET 0) d, "
        "  jsonb_each(u.after) f, LATERAL (SELECT coalesce(d.doc->f.key, 'null') AS now) v "
        f"  WHERE u.relation = %(table)s AND u.state = 'changed' AND (d.doc ? f.key{_is_custom(one)}) "
        "  AND u.before->f.key IS DISTINCT FROM v.now"
        "), kept AS ("
        "  INSERT INTO platform_journalleft (entry_id, relation, key, owner_id, field, reason, before, now)"
        "  SELECT %(new)s, %(table)s, key, owner, field, 'changed_since', was, now FROM fields WHERE NOT same RETURNING key"
        ") UPDATE undone u SET before = coalesce(r.before, '{}'), "
        "state = CASE WHEN r.before IS NULL THEN 'done' ELSE 'restorable' END "
        "FROM undone o JOIN " + one.table + f" t ON {match.replace('u.key', 'o.key')} LEFT JOIN ("
        "  SELECT key, jsonb_object_agg(field, was) AS before FROM fields WHERE same GROUP BY key) r ON r.key = o.key "
        "WHERE o.relation = %(table)s AND o.state = 'changed' AND u.relation = o.relation AND u.key = o.key",
        {"table": one.table, "new": new_id},
    )
    names = ", ".join(quoted(name) for name in one.columns)
    values = ", ".join(f"p.{quoted(name)}" for name in one.columns)
    sql = (
        f"UPDATE {one.table} t SET ({names}) = ROW({values}) FROM undone u "
        f"JOIN {one.table} c ON {match.replace('t.', 'c.')}, "
        f"LATERAL jsonb_populate_record(c, {_deep(one, 'c.custom')}{_renewed(one, 'to_jsonb(c)')}) AS p "
        f"WHERE {match} AND u.relation = %(table)s AND u.state = 'restorable' {{only}} RETURNING 1"
    )
    restored = _carefully(
        one, "restorable", lambda only, more: len(fetch(sql.format(only=only), {"table": one.table, "at": at, **more}))
    )
    fetch("UPDATE undone SET state = 'done' WHERE relation = %s AND state = 'restorable' AND left_as IS NULL", [one.table])
    return restored


def _carefully(one: Journalled, state: str, write: Callable[[str, dict[str, object]], int]) -> int:
    """All rows in one statement; when a rule of the table refuses that, row by row, so that only the refused ones are left."""
    try:
        with transaction.atomic():
            return write("", {})
    except IntegrityError:
        written = 0
        for (key,) in fetch("SELECT key FROM undone WHERE relation = %s AND state = %s", [one.table, state]):
            try:
                with transaction.atomic():
                    written += write("AND u.key = %(key)s", {"key": key})
            except IntegrityError:
                fetch("UPDATE undone SET left_as = 'taken' WHERE relation = %s AND key = %s", [one.table, key])
        return written


def _deep(one: Journalled, base: str) -> str:
    """SQL: the image to restore, with the values of custom fields put together again."""
    return f"platform_deep(u.before, {base})" if "custom" in one.columns else "u.before"


def _is_custom(one: Journalled) -> str:
    """SQL: or the field is a custom one, which an empty row does not name."""
    return " OR f.key LIKE 'custom.%%'" if "custom" in one.columns else ""


def _renewed(one: Journalled, document: str) -> str:
    """SQL that lays a new version and time of change over an image."""
    parts = []
    if "version" in one.columns:
        parts.append(f"'version', coalesce(({document}->>'version')::int, 0) + 1")
    if "changed_at" in one.columns:
        parts.append("'changed_at', %(at)s::timestamptz")
    if "changed_xid" in one.columns:
        parts.append("'changed_xid', pg_current_xact_id()::text::bigint")
    return f" || jsonb_build_object({', '.join(parts)})" if parts else ""


def _explain(one: Journalled, entry_id: UUID) -> None:
    """Say why rows were left: changed since, in use, their place taken, their parent or they themselves gone."""
    match = one.matches("t", "u.key")
    fetch(
        f"UPDATE undone u SET left_as = CASE WHEN EXISTS ({_TOUCHED}) THEN 'changed_since' ELSE 'in_use' END "
        f"FROM {one.table} t WHERE {match} AND u.relation = %(table)s AND u.state = 'created' AND u.left_as IS NULL",
        {"table": one.table, "entry": entry_id},
    )
    parents = " OR ".join(
        f"(u.before->>'{column}' IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM {table} x WHERE x.{quoted(there)}::text = u.before->>'{column}'))"
        for column, table, there in one.parents
    )
    fetch(
        f"UPDATE undone u SET left_as = CASE WHEN {parents or 'false'} THEN 'parent_gone' ELSE 'taken' END "
        "WHERE u.relation = %(table)s AND u.state = 'deleted' AND u.left_as IS NULL",
        {"table": one.table},
    )
    fetch(
        "UPDATE undone SET left_as = 'gone' WHERE relation = %(table)s AND state = 'changed' AND left_as IS NULL",
        {"table": one.table},
    )
