"""Consents of merged customers: the strictest answer of any of them holds for the survivor; after an undo each has its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from akrab.customers.operations.consenting import ConsentMessage, record_consents
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch

SOURCE = "merge"

# Withdrawn before expired before granted; among grants the one that ends first.
_STRICTEST = """
WITH latest AS (
    SELECT DISTINCT ON (customer_id, channel, purpose_id) customer_id, channel, purpose_id, id, until, evidence,
        wording_version, wording_language,
        CASE WHEN state = 'granted' AND until <= %(at)s THEN 'expired' ELSE state END AS state
    FROM customers_consentevent WHERE customer_id = ANY(%(gone)s || %(survivor)s::uuid)
    ORDER BY customer_id, channel, purpose_id, at DESC, id DESC
), strictest AS (
    SELECT DISTINCT ON (channel, purpose_id) * FROM latest ORDER BY channel, purpose_id,
        array_position(ARRAY['withdrawn', 'expired', 'granted'], state::text), until NULLS LAST,
        (customer_id = %(survivor)s) DESC, id
)
SELECT s.channel, s.purpose_id, s.state, s.until, s.evidence, s.wording_version, s.wording_language FROM strictest s
LEFT JOIN latest own ON own.customer_id = %(survivor)s AND own.channel = s.channel AND own.purpose_id = s.purpose_id
WHERE s.customer_id <> %(survivor)s AND (own.state, own.until) IS DISTINCT FROM (s.state, s.until)
ORDER BY s.channel, s.purpose_id
"""

# What the merge said for the survivor and nobody said anew, with what held before.
_SAID = """
SELECT DISTINCT ON (said.channel, said.purpose_id) said.channel, said.purpose_id, b.state, b.until, b.evidence, b.wording_version,
    b.wording_language
FROM customers_consentevent said
LEFT JOIN LATERAL (
    SELECT * FROM customers_consentevent b WHERE b.customer_id = said.customer_id AND b.channel = said.channel
        AND b.purpose_id = said.purpose_id AND (b.at, b.id) < (said.at, said.id) ORDER BY b.at DESC, b.id DESC LIMIT 1
) b ON true
WHERE said.customer_id = %(survivor)s AND said.source = %(source)s AND said.source_key LIKE %(merge)s || ':%%'
    AND NOT EXISTS (SELECT 1 FROM customers_consentevent l WHERE l.customer_id = said.customer_id AND l.channel = said.channel
        AND l.purpose_id = said.purpose_id AND (l.at, l.id) > (said.at, said.id))
ORDER BY said.channel, said.purpose_id
"""


def join_consents(*, by: Actor, merge_id: UUID, survivor_id: UUID, other_ids: Sequence[UUID], at: datetime) -> None:
    """Say for the survivor what is stricter among the others; their own events stay as they were said."""
    rows = fetch(_STRICTEST, {"survivor": survivor_id, "gone": list(other_ids), "at": at})
    messages = [
        ConsentMessage(
            row[0], row[1], row[2], survivor_id, at=at, until=row[3] if row[2] == "granted" else None,
            evidence=row[4] or "merge", wording_version=row[5], wording_language=row[6],
            source_key=f"{merge_id}:{row[0]}:{row[1]}",
        )
        for row in rows
    ]  # fmt: skip
    if messages:
        record_consents(by=by, consents=messages, at=at, source=SOURCE)


def part_consents(*, by: Actor, merge_id: UUID, survivor_id: UUID, at: datetime) -> None:
    """Say again what held for the survivor before; where nothing was said, what the merge brought has expired."""
    rows = fetch(_SAID, {"survivor": survivor_id, "source": SOURCE, "merge": str(merge_id)})
    messages = [
        ConsentMessage(
            row[0], row[1], row[2] or "expired", survivor_id, at=at,
            until=row[3] if row[3] and row[3] > at else None,
            evidence=row[4] or "merge undone", wording_version=row[5], wording_language=row[6] or "",
            source_key=f"undone {merge_id}:{row[0]}:{row[1]}",
        )
        for row in rows
    ]  # fmt: skip
    if messages:
        record_consents(by=by, consents=messages, at=at, source=SOURCE)
