"""Noting pairs that a scan found, and what people decide about them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from akrab.customers.facts import DuplicateDismissed, DuplicateScanAsked, DuplicatesFound
from akrab.customers.models import CUSTOMER
from akrab.customers.queries.likely import Likely, decided, likely_pairs, thresholds
from akrab.platform.actor import Actor
from akrab.platform.bulk import copy_rows, fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_ids
from akrab.platform.linking.matching import Dropped
from akrab.platform.operation import operation, require
from akrab.platform.refusal import NotFound
from akrab.platform.rights.limits import demand

MAY = "customers.merge_customers"
_COLUMNS = ("id", "a_id", "b_id", "bits", "evidence", "keys", "found_at")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan came to: pairs shown now, those of them that are new, sure, kept apart by people, and gone."""

    records: int
    compared: int
    dropped_keys: int
    pairs: int
    sure: int
    new: int
    kept_apart: int
    gone: int
    dry_run: bool = False

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def weigh(*, by: Actor, likely: Likely, sure_from: float | None = None, dry_run: bool = True) -> Scan:
    """What noting a scan would change, in counts."""
    require(by, MAY)
    sure = thresholds()[1] if sure_from is None else sure_from
    known = decided()
    found = {(one.a, one.b): one for one in likely.pairs}
    apart = {pair for pair, one in found.items() if known.get(pair) == ("different", one.keys)}
    shown = [one for pair, one in found.items() if pair not in apart]
    before = {pair for pair, (status, _keys) in known.items() if status == "open"}
    return Scan(
        records=likely.records,
        compared=likely.compared,
        dropped_keys=len(likely.dropped),
        pairs=len(shown),
        sure=sum(1 for one in shown if one.bits >= sure),
        new=sum(1 for one in shown if (one.a, one.b) not in before),
        kept_apart=len(apart),
        gone=len(before - set(found)),
        dry_run=dry_run,
    )


@operation(may=MAY)
def note_duplicates(*, by: Actor, likely: Likely, at: datetime) -> Scan:
    """Bring the queue up to date with a scan; a pair that people keep apart returns only when what was compared changed."""
    scan = weigh(by=by, likely=likely, dry_run=False)
    fetch(
        "CREATE TEMP TABLE likely (id uuid, a_id uuid, b_id uuid, bits float8, evidence text, keys text, found_at timestamptz) "
        "ON COMMIT DROP"
    )
    rows = (
        (new, one.a, one.b, one.bits, json.dumps(list(one.evidence)), one.keys, at)
        for new, one in zip(new_ids(len(likely.pairs)), likely.pairs, strict=True)
    )
    copy_rows("likely", _COLUMNS, rows)
    fetch("ANALYZE likely")
    fetch(
        "INSERT INTO customers_duplicate AS d (id, a_id, b_id, bits, evidence, keys, status, found_at, settled_by) "
        "SELECT l.id, l.a_id, l.b_id, l.bits, l.evidence::jsonb, l.keys, 'open', l.found_at, '' FROM likely l "
        "JOIN customers_customer a ON a.id = l.a_id AND a.trashed_at IS NULL "
        "JOIN customers_customer b ON b.id = l.b_id AND b.trashed_at IS NULL "
        "ON CONFLICT (a_id, b_id) DO UPDATE SET bits = excluded.bits, evidence = excluded.evidence, keys = excluded.keys, "
        "status = 'open', settled_at = NULL, settled_by = '' WHERE NOT (d.status = 'different' AND d.keys = excluded.keys)"
    )
    fetch(
        "DELETE FROM customers_duplicate d WHERE d.status = 'open' AND NOT EXISTS "
        "(SELECT 1 FROM likely l WHERE l.a_id = d.a_id AND l.b_id = d.b_id)"
    )
    fetch("DROP TABLE likely")
    record([DuplicatesFound(found_at=at, pairs=scan.pairs, new=scan.new, sure=scan.sure)], by=by)
    return scan


@operation(may=MAY)
def ask_for_scan(*, by: Actor, at: datetime) -> DuplicateScanAsked:
    """Have all customers compared in the background."""
    fact = DuplicateScanAsked(asked_at=at)
    record([fact], by=by)
    return fact


@operation(may=MAY)
def keep_apart(*, by: Actor, duplicate_ids: Sequence[UUID], at: datetime) -> list[DuplicateDismissed]:
    """These pairs are not duplicates; they stay away until what was compared changes."""
    rows = fetch(
        "UPDATE customers_duplicate SET status = 'different', settled_at = %s, settled_by = %s "
        "WHERE id = ANY(%s) AND status = 'open' RETURNING id, a_id, b_id",
        [at, by.label[:200], list(duplicate_ids)],
    )
    if not rows:
        raise NotFound
    demand(by, CUSTOMER.name, sorted({one for row in rows for one in row[1:]}))
    facts = [DuplicateDismissed(customer_id=row[1], other_id=row[2], dismissed_at=at) for row in rows]
    record(facts, by=by)
    return facts


def settle_merged(members: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    """Inside a merge: the pairs among those who became one are done."""
    fetch(
        "UPDATE customers_duplicate SET status = 'merged', settled_at = %(at)s, settled_by = %(who)s "
        "WHERE a_id = ANY(%(all)s) AND b_id = ANY(%(all)s)",
        {"at": at, "who": by.label[:200], "all": list(members)},
    )


def reopen_pairs(members: Sequence[UUID]) -> None:
    """Inside the undo of a merge: its pairs wait for a decision again."""
    fetch(
        "UPDATE customers_duplicate SET status = 'open', settled_at = NULL, settled_by = '' "
        "WHERE status = 'merged' AND a_id = ANY(%(all)s) AND b_id = ANY(%(all)s)",
        {"all": list(members)},
    )


def scan_duplicates(
    *, by: Actor, at: datetime, dry_run: bool = False, review_from: float | None = None, sure_from: float | None = None
) -> tuple[Scan, list[Dropped]]:
    """Compare all customers and note what was found; a dry run, perhaps with other limits, only counts."""
    likely = likely_pairs(by=by, review_from=review_from if dry_run else None)
    if dry_run:
        return weigh(by=by, likely=likely, sure_from=sure_from), likely.dropped
    return note_duplicates(by=by, likely=likely, at=at), likely.dropped
