"""Returns and voids find the sale they refer to, in whatever order the two arrive.

The links are a function of the documents that are there, not of their order: whenever a document arrives, every return
and void that names its number is looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from akrab.commerce.facts import ReceiptVoided, ReturnedChanged, ReturnLinked
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record

# Most receipts are sales that nothing refers to: this says so at a fraction of the cost of planning the next statement.
_NAMED = """
SELECT w.branch, w.number FROM unnest(%s::text[], %s::text[]) AS w(branch, number)
WHERE EXISTS (SELECT 1 FROM commerce_receipt
    WHERE original_branch = w.branch AND original_number = w.number AND original_number <> '' OFFSET 0)
"""

# OFFSET 0 keeps one look-up per number: as a join, every batch reads all returns there ever were.
_FIND_SALES = """
SELECT d.id, d.original_id, found.id
FROM unnest(%(branches)s::text[], %(numbers)s::text[]) AS w(branch, number)
CROSS JOIN LATERAL (
    SELECT id, original_id, kind, occurred_at, terminal, currency, original_branch, original_number, original_terminal,
        original_on
    FROM commerce_receipt
    WHERE original_branch = w.branch AND original_number = w.number AND original_number <> '' OFFSET 0
) AS d
LEFT JOIN LATERAL (
    SELECT r.id FROM commerce_receipt r JOIN commerce_branch b ON b.id = r.branch_id
    WHERE b.code = d.original_branch AND r.number = d.original_number AND r.id <> d.id AND r.kind <> 'void'
      AND (d.kind = 'void' OR r.kind IN ('sale', 'exchange') AND r.currency = d.currency)
      AND (d.original_terminal = '' OR r.terminal = d.original_terminal)
      AND (d.original_on IS NULL OR r.business_on = d.original_on)
    ORDER BY r.occurred_at <= d.occurred_at DESC, r.terminal = d.terminal DESC,
      abs(extract(epoch FROM r.occurred_at - d.occurred_at)), r.terminal, r.business_on LIMIT 1
) AS found ON true
"""

_LINK = """
UPDATE commerce_receipt d SET original_id = w.original, changed_xid = pg_current_xact_id()::text::bigint
FROM unnest(%s::uuid[], %s::uuid[]) AS w(id, original) JOIN commerce_receipt before ON before.id = w.id
    LEFT JOIN commerce_receipt s ON s.id = before.original_id
WHERE d.id = w.id AND before.original_id IS DISTINCT FROM w.original
RETURNING d.id, d.kind, d.original_id, s.customer_id, d.occurred_at, d.number, s.id
"""

# What is not linked any more belongs to nobody again; in taking_back.py the sale itself goes.
_DISOWN = """
UPDATE commerce_receipt SET customer_id = NULL, customer_from = '', changed_xid = pg_current_xact_id()::text::bigint
WHERE id = ANY(%s) AND original_id IS NULL AND customer_from = 'original'
"""

_SETTLE = """
UPDATE commerce_receipt r SET status = now.status, changed_xid = pg_current_xact_id()::text::bigint
FROM (
    SELECT c.id, CASE
        WHEN EXISTS (SELECT 1 FROM commerce_receipt v WHERE v.original_id = c.id AND v.kind = 'void') THEN 'voided'
        WHEN c.kind IN ('return', 'exchange', 'void') AND c.original_number <> '' AND c.original_id IS NULL THEN 'early'
        ELSE 'counted' END AS status
    FROM commerce_receipt c WHERE c.id = ANY(%s)
) AS now
WHERE r.id = now.id AND r.status <> now.status
RETURNING r.id, r.customer_id, r.occurred_at, r.number, r.net, r.currency, r.status, r.original_id
"""

_INHERIT = """
UPDATE commerce_receipt d SET customer_id = s.customer_id, changed_xid = pg_current_xact_id()::text::bigint,
    customer_from = CASE WHEN s.customer_id IS NULL THEN '' ELSE 'original' END
FROM commerce_receipt s WHERE d.original_id = s.id AND s.id = ANY(%s) AND d.kind <> 'void'
  AND (d.customer_id IS NULL OR d.customer_from = 'original') AND d.customer_id IS DISTINCT FROM s.customer_id
"""

_TAKE_BACK = """
UPDATE commerce_receipt s SET returned = taken.net, changed_xid = pg_current_xact_id()::text::bigint
FROM (
    SELECT t.id, t.returned, coalesce(sum(CASE d.kind
        WHEN 'return' THEN -d.net
        WHEN 'exchange' THEN d.brought_back
        ELSE 0 END), 0) AS net
    FROM commerce_receipt t
    LEFT JOIN commerce_receipt d ON d.original_id = t.id AND d.status = 'counted'
    WHERE t.id = ANY(%s) GROUP BY t.id
) AS taken
WHERE s.id = taken.id AND s.returned <> taken.net
RETURNING s.id, s.customer_id, s.occurred_at, s.number, taken.net, taken.returned, s.currency
"""


def link_returns(touched: Sequence[tuple[str, str]], *, by: Actor, former: Sequence[UUID] = ()) -> None:
    """Link the returns, exchanges and voids that name one of these (branch code, number) pairs, and apply them.

    A return belongs to a sale of its currency, of its own terminal before that of another. A linked one takes its net back
    from the sale (`returned`); a linked void stops its document from counting; one
    without its sale stays early until that arrives. `former` are documents that corrected returns pointed to before.
    """
    named = fetch(_NAMED, [[branch for branch, _number in touched], [number for _branch, number in touched]])
    found = fetch(_FIND_SALES, {"branches": [row[0] for row in named], "numbers": [row[1] for row in named]}) if named else []
    if not found and not former:
        return
    changed = fetch(_LINK, [[row[0] for row in found], [row[2] for row in found]])
    sales = {row[1] for row in found if row[1]} | {row[2] for row in found if row[2]} | set(former)
    settled = fetch(_SETTLE, [sorted(sales | {row[0] for row in found})])
    sales |= {row[7] for row in settled if row[7]}
    unlinked = [row[0] for row in changed if not row[2]]
    if unlinked:
        fetch(_DISOWN, [unlinked])
    fetch(_INHERIT, [sorted(sales)])
    taken = fetch(_TAKE_BACK, [sorted(sales)])
    _record(changed, settled, taken, by=by)


def _record(
    changed: Sequence[tuple[Any, ...]], settled: Sequence[tuple[Any, ...]], taken: Sequence[tuple[Any, ...]], *, by: Actor
) -> None:
    linked = [row for row in changed if row[2] and row[1] != "void"]
    customers = _customers([row[0] for row in linked])
    facts: list[Any] = [
        ReturnLinked(
            receipt_id=row[0],
            original_id=row[2],
            customer_id=customers.get(row[0]),
            occurred_at=row[4],
            number=row[5],
            previous_customer_id=row[3],
        )
        for row in linked
    ]
    facts += [
        ReceiptVoided(receipt_id=row[0], customer_id=row[1], occurred_at=row[2], number=row[3], net=row[4], currency=row[5])
        for row in settled
        if row[6] == "voided"
    ]
    heard = _heard(changed, settled, customers)
    facts += [
        ReturnedChanged(
            receipt_id=row[0],
            customer_id=row[1],
            occurred_at=row[2],
            number=row[3],
            returned=row[4],
            previous_returned=row[5],
            currency=row[6],
        )
        for row in taken
        if row[1] and heard.get(row[0]) != {row[1]}
    ]
    record(facts, by=by)


def _heard(
    changed: Sequence[tuple[Any, ...]], settled: Sequence[tuple[Any, ...]], customers: dict[Any, UUID | None]
) -> dict[Any, set[UUID | None]]:
    """For each sale whom the facts about its returns tell, with None for a return that let go of it without a fact."""
    heard: dict[Any, set[UUID | None]] = {}
    for receipt_id, kind, sale, former_customer, _at, _number, former in changed:
        if kind != "void":
            heard.setdefault(sale, set()).add(customers.get(receipt_id))
            heard.setdefault(former, set()).add(former_customer if sale else None)
    for row in settled:
        if row[6] == "voided":
            heard.setdefault(row[7], set()).add(row[1])
    return heard


def _customers(ids: Sequence[Any]) -> dict[Any, UUID | None]:
    return dict(fetch("SELECT id, customer_id FROM commerce_receipt WHERE id = ANY(%s)", [list(ids)])) if ids else {}
