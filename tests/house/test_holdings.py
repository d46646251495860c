"""Whatever holds something about a customer is declared, so that access and erasure reach it."""

from __future__ import annotations

import pytest

from akrab.platform.bulk import fetch
from akrab.platform.holdings import holdings
from akrab.platform.ids import new_id

pytestmark = pytest.mark.django_db

_REFERENCES = """
SELECT conrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND confrelid = 'customers_customer'::regclass AND conparentid = 0
UNION SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE a.attname IN ('customer_id', 'other_customer_id', 'record_id', 'owner_id') AND a.atttypid = 'uuid'::regtype
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""


def test_every_table_with_a_customer_in_it_declares_what_it_holds() -> None:
    """A new table: add it to a `Holding` in its room's `operations/holdings.py`, with how to read and to erase it."""
    declared = {table for one in holdings() for table in one.tables}

    assert [row[0] for row in fetch(_REFERENCES) if row[0] not in declared | {"customers_customer"}] == []


def test_every_declared_table_exists_and_every_store_can_be_read() -> None:
    tables = {table for one in holdings() for table in one.tables}

    assert [table for table in sorted(tables) if not fetch("SELECT to_regclass(%s)", [table])[0][0]] == []
    assert [one.name for one in holdings() if one.read(new_id())] == []
