"""Writing in sets: few rows share a round trip, and the id of a transaction is never that of another."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from akrab.platform.bulk import FEW, copy_parts, current_xid, fetch

ASKED = "SELECT pg_current_xact_id()::text::bigint"


@pytest.mark.django_db(transaction=True)
def test_the_id_of_a_transaction_is_asked_once_and_forgotten_at_its_end() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        first = [current_xid(), current_xid(), fetch(ASKED)[0][0]]
        asked = len(captured)
    with suppress(LookupError), transaction.atomic():
        second = current_xid()
        raise LookupError
    with transaction.atomic():
        third = current_xid()

    assert first == [first[0]] * 3
    assert asked == 2
    assert len({first[0], second, third}) == 3


@pytest.mark.django_db(transaction=True)
def test_an_inner_rollback_keeps_the_id_of_the_transaction() -> None:
    with transaction.atomic():
        with suppress(LookupError), transaction.atomic():
            inner = current_xid()
            raise LookupError
        outer = current_xid()

    assert inner == outer


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, FEW, FEW + 1])
def test_rows_of_several_tables_are_appended_and_then_the_statement_runs(count: int) -> None:
    fetch("CREATE TEMPORARY TABLE one (n int); CREATE TEMPORARY TABLE two (n int, said text)")
    rows = [(number,) for number in range(count)]

    copy_parts(("one", ["n"], rows), ("two", ["n", "said"], [(7, "100% done")]), then=("DELETE FROM one WHERE n = %s", [0]))

    assert fetch("SELECT count(*) FROM one") == [(count - 1,)]
    assert fetch("SELECT n, said FROM two") == [(7, "100% done")]
