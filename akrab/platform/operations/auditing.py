"""Chaining the audit: facts that concern security become links, in batches, after they were committed."""

from __future__ import annotations

from akrab.platform.actor import Actor
from akrab.platform.auditing import COLUMNS, CONTENT, START, link_hash
from akrab.platform.bulk import copy_rows, fetch
from akrab.platform.operation import operation

BATCH = 5_000
_LOCK = 7340001

_WAITING = f"""
SELECT {", ".join(COLUMNS)}, {CONTENT}
FROM (
    SELECT f.id AS fact_id, f.kind, f.occurred_at, f.recorded_at, f.actor_kind, f.actor_id, f.actor_label, f.entrance,
        f.subject_kind, f.subject_id, encode(sha256(convert_to(f.payload::text, 'UTF8')), 'hex') AS payload_hash
    FROM (SELECT fact_id, occurred_at FROM platform_auditpending ORDER BY fact_id LIMIT %s) AS w
    JOIN platform_fact f ON f.id = w.fact_id AND f.occurred_at = w.occurred_at
) AS waiting
ORDER BY fact_id
"""


@operation(may="platform.chain_audit")
def chain_audit(*, by: Actor) -> int:
    """Chain at most a batch of waiting facts; returns how many. One chain grows at a time."""
    fetch("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    waiting = fetch(_WAITING, [BATCH])
    if not waiting:
        return 0
    last = fetch("SELECT seq, hash FROM platform_auditrow ORDER BY seq DESC LIMIT 1")
    seq, previous = last[0] if last else (0, START)
    links = []
    for row in waiting:
        seq += 1
        made = link_hash(previous, seq, row[len(COLUMNS) :])
        links.append((seq, *row[: len(COLUMNS)], previous, made))
        previous = made
    copy_rows("platform_auditrow", ("seq", *COLUMNS, "previous", "hash"), links)
    fetch("DELETE FROM platform_auditpending WHERE fact_id = ANY(%s)", [[row[0] for row in waiting]])
    return len(links)


def chain_everything(*, by: Actor) -> int:
    """Chain until nothing waits; each batch is a transaction of its own."""
    total = 0
    while count := chain_audit(by=by):
        total += count
    return total
