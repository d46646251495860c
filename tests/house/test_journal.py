"""The journal follows what is declared, and the database follows the declaration."""

from __future__ import annotations

import pytest

from akrab.platform.bulk import fetch
from akrab.platform.journal.declaring import BOOKKEEPING, declared

_TRIGGERS = """
SELECT c.relname, count(*), min(encode(t.tgargs, 'escape')), count(DISTINCT t.tgargs)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE p.proname = 'platform_journal_note' GROUP BY c.relname
"""


@pytest.mark.django_db
def test_every_journalled_table_has_the_triggers_of_its_declaration() -> None:
    """A model that is declared, or whose columns changed, needs a migration with `journal_triggers`."""
    found = {}
    for table, count, arguments, kinds in fetch(_TRIGGERS):
        assert (count, kinds) == (3, 1), table
        owner, keys, ignored = arguments.split("\\000")[:3]
        found[table] = (owner, keys, frozenset(filter(None, ignored.split(","))) - set(BOOKKEEPING))

    wanted = {
        one.table: (one.owner, ",".join(name for name, _kind in one.keys), frozenset(one.ignored) - set(BOOKKEEPING))
        for one in declared().values()
    }
    assert found == wanted
