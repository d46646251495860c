"""Pruning the journal: its oldest months leave as whole partitions."""

from __future__ import annotations

from datetime import datetime

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import operation

MONTHS_KEPT = 24

_OLD = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'platform_journalrow'::regclass
    AND c.relname < 'platform_journalrow_' || to_char(%s::timestamptz - make_interval(months => %s), 'YYYY_MM')
ORDER BY 1
"""


@operation(may="platform.prune_journal")
def prune_journal(*, by: Actor, at: datetime) -> list[str]:
    """Drop the rows of months that are older than two years; the entries themselves stay and say who did what."""
    old = [row[0] for row in fetch(_OLD, [at, MONTHS_KEPT])]
    for name in old:
        fetch(f"DROP TABLE {name}")
    return old
