"""Whatever names a customer says what happens to it when customers are merged."""

from __future__ import annotations

import pytest

from akrab.platform.bulk import fetch
from akrab.platform.merging import merge_rules, repointed

pytestmark = pytest.mark.django_db

_REFERENCES = """
SELECT conrelid::regclass::text, a.attname FROM pg_constraint k
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
WHERE k.contype = 'f' AND k.confrelid = 'customers_customer'::regclass AND k.conparentid = 0
UNION SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE (a.attname ~ 'customer_id$' OR (a.attname = 'record_id' AND c.relname = 'platform_share'))
    AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""


def test_every_column_that_names_a_customer_has_a_merge_rule() -> None:
    """A new column: `repoints(...)` or `keeps(..., why=...)` beside the room's holdings, in `operations/holdings.py`."""
    rules = merge_rules()

    assert [row for row in fetch(_REFERENCES) if tuple(row) not in rules] == []


def test_every_rule_is_about_a_column_that_exists() -> None:
    columns = {
        tuple(row)
        for row in fetch(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = 'public'::regnamespace"
        )
    }
    used = {(one.table, name) for one in repointed() for name in (one.column, *(one.unique or ()))}

    assert sorted((merge_rules() | used) - columns) == []
