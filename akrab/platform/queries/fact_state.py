"""The state hash of the fact log: equal when the same things happened, in whatever order and however often they were told."""

from __future__ import annotations

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.declaring import DECLARED
from akrab.platform.operation import require

# Facts of the kernel (an import ended, somebody signed in) tell of attempts, and observed facts of looks between two
# documents; those are never the same twice.
_SQL = """
SELECT count(*), coalesce(md5(string_agg(row_hash, '' ORDER BY row_hash)), md5('')) FROM (
    SELECT md5(concat_ws('|', f.kind, f.source, f.source_key, (
        SELECT string_agg(said.key || '=' || said.value, ',' ORDER BY said.key)
        FROM jsonb_each_text(f.payload) AS said WHERE said.key !~ '_(id|ids|at)$'
    ))) AS row_hash
    FROM platform_fact f WHERE f.kind NOT LIKE 'platform.%%' AND f.kind <> ALL(%s)
) AS rows
"""


def fact_hash(*, by: Actor) -> tuple[int, str]:
    """Number of facts of the rooms and one hash over kind, source key and content, without ids and moments."""
    require(by, "platform.view_status")
    count, digest = fetch(_SQL, [[each.kind for each in DECLARED.values() if each.observed]])[0]
    return int(count), str(digest)
