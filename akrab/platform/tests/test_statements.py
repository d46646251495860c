"""A statement that writes is known wherever the writing hides."""

from __future__ import annotations

import pytest
from django.db import connection
from psycopg import sql

from akrab.platform.middleware import WriteOnGet, refuse_write
from akrab.platform.models import Setting
from akrab.platform.statements import writes


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO t VALUES (1)",
        "  update t SET a = 1",
        "/* a note */ DELETE FROM t",
        "-- a note\nTRUNCATE t",
        "COPY t (a) FROM STDIN",
        "COPY t (a)\n FROM STDIN",
        "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone",
        "with new as (select 1 as a)\ninsert\ninto t select a from new",
        "WITH a AS (SELECT 1), b AS (UPDATE t SET a = 2 RETURNING a) SELECT * FROM b",
        "WITH a AS MATERIALIZED (SELECT 1) MERGE INTO t USING a ON true WHEN MATCHED THEN DO NOTHING",
        'WITH a AS (SELECT 1) UPDATE "t" SET a = 2',
        "EXPLAIN ANALYZE DELETE FROM t",
        "(WITH a AS (INSERT INTO t VALUES (1) RETURNING 1) SELECT * FROM a)",
    ],
)
def test_a_statement_that_changes_rows_is_a_writing_one(statement: str) -> None:
    assert writes(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        "SELECT update_count, deleted FROM t WHERE note = 'INSERT INTO t'",
        "WITH a AS (SELECT 'DELETE FROM t' AS note) SELECT * FROM a",
        "WITH a AS (SELECT 1 /* INSERT INTO t */) SELECT * FROM a -- UPDATE t SET a = 1",
        "WITH a AS (SELECT * FROM t FOR UPDATE) SELECT * FROM a",
        "WITH a AS (SELECT * FROM t FOR NO KEY  UPDATE) SELECT * FROM a",
        'WITH a AS (SELECT "update" FROM t) SELECT * FROM a',
        "WITH a AS (SELECT $$DELETE FROM t$$) SELECT * FROM a",
        "EXPLAIN SELECT 1",
        "COPY (SELECT a FROM t) TO STDOUT",
    ],
)
def test_a_statement_that_only_reads_is_none(statement: str) -> None:
    assert not writes(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("composed", [False, True])
def test_a_page_that_is_read_may_not_write_through_with(composed: bool) -> None:
    words = "WITH made AS (INSERT INTO platform_setting (name, value, changed_at) VALUES ('a', '1', now()) RETURNING 1) SELECT 1"

    with connection.execute_wrapper(refuse_write), connection.cursor() as cursor, pytest.raises(WriteOnGet):
        cursor.execute(sql.SQL(words) if composed else words)

    assert Setting.objects.count() == 0
