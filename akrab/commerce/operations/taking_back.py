"""Taking receipts back: what an import brought goes, what it corrected says again what it said before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from akrab.commerce.facts import ReceiptTakenBack
from akrab.commerce.operations.converting import base_amounts
from akrab.commerce.operations.returning import link_returns
from akrab.commerce.operations.storing import lock_branches
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.journal.declaring import Left, references_to
from akrab.platform.operation import require

BATCH = 5_000
OWN = frozenset({"commerce_receipt", "commerce_receiptline", "commerce_tender", "commerce_receiptversion"})

_FIND = """
SELECT r.id, r.customer_id, r.occurred_at, r.number, r.net, r.total, r.currency, r.kind, b.code, r.original_id, s.customer_id,
    CASE WHEN r.customer_from = 'claim' THEN 'changed_since'
        WHEN EXISTS (SELECT 1 FROM commerce_receiptversion v WHERE v.receipt_id = r.id AND v.replaced_at <> r.received_at)
            THEN 'changed_since'
        {used} END
FROM commerce_receipt r JOIN commerce_branch b ON b.id = r.branch_id LEFT JOIN commerce_receipt s ON s.id = r.original_id
WHERE r.id = ANY(%s) ORDER BY r.id FOR UPDATE OF r
"""

_BRANCHES = """
SELECT DISTINCT b.code, r.original_branch FROM commerce_receipt r JOIN commerce_branch b ON b.id = r.branch_id
WHERE r.id = ANY(%s)
"""

_DISOWN = """
UPDATE commerce_receipt SET customer_id = NULL, customer_from = '', changed_xid = pg_current_xact_id()::text::bigint
WHERE original_id = ANY(%(ids)s) AND customer_from = 'original' AND id <> ALL(%(ids)s)
"""

_WANTED = """
SELECT r.id, b.code, r.number, r.customer_id, r.original_id,
    r.customer_from = 'claim' AND i.image->>'customer_from' <> 'claim' OR EXISTS (SELECT 1 FROM commerce_receiptversion v
        WHERE v.receipt_id = r.id AND v.replaced_at > (i.image->>'replaced_at')::timestamptz) AS changed
FROM jsonb_array_elements(%s::jsonb) AS i(image) JOIN commerce_receipt r ON r.id = (i.image->>'id')::uuid
JOIN commerce_branch b ON b.id = r.branch_id ORDER BY r.id FOR UPDATE OF r
"""


def take_back_receipts(
    *, by: Actor, at: datetime, created: Sequence[list[str]], changed: Sequence[tuple[list[str], dict[str, Any]]]
) -> list[Left]:
    """Remove receipts and give corrected ones their former content, inside an undo.

    A receipt that a customer claimed, or that was corrected since, stays as it is and is named. Returns whose sale goes wait
    for it again. Each receipt that goes is a fact; what was known of it stays in the log.
    """
    require(by, "commerce.record_receipts")
    left: list[Left] = []
    ids = [UUID(key[0]) for key in created]
    for start in range(0, len(ids), BATCH):
        left += _remove(ids[start : start + BATCH], by=by, at=at)
    for start in range(0, len(changed), BATCH):
        left += _restore([image for _key, image in changed[start : start + BATCH]], by=by, at=at)
    return left


def _remove(ids: list[UUID], *, by: Actor, at: datetime) -> list[Left]:
    lock_branches(sorted({code for row in fetch(_BRANCHES, [ids]) for code in row if code}))
    rows = fetch(_FIND.format(used=_used_elsewhere()), [ids])
    left: list[Left] = [([str(row[0])], row[11], "") for row in rows if row[11]]
    going = [row for row in rows if not row[11]]
    gone = [row[0] for row in going]
    fetch(_DISOWN, {"ids": gone})
    for table in ("commerce_receiptline", "commerce_tender", "commerce_receiptversion"):
        fetch(f"DELETE FROM {table} WHERE receipt_id = ANY(%s)", [gone])
    fetch("DELETE FROM commerce_receipt WHERE id = ANY(%s)", [gone])
    there = set(gone)
    former = sorted({row[9] for row in going if row[9] and row[9] not in there})
    link_returns(sorted({(row[8], row[3]) for row in going}), by=by, former=former)
    record([_fact(row, at) for row in going], by=by)
    return left


def _fact(row: Sequence[Any], at: datetime) -> ReceiptTakenBack:
    return ReceiptTakenBack(
        receipt_id=row[0],
        customer_id=row[1],
        occurred_at=row[2],
        taken_back_at=at,
        number=row[3],
        net=row[4],
        total=row[5],
        currency=row[6],
        kind=row[7],
        branch=row[8],
        previous_customer_id=row[10],
    )


def _used_elsewhere() -> str:
    others = [one for one in references_to("commerce_receipt") if one[0] not in OWN]
    return "".join(f" WHEN EXISTS (SELECT 1 FROM {table} x WHERE x.{column} = r.id) THEN 'in_use'" for table, column in others)


def _restore(images: list[dict[str, Any]], *, by: Actor, at: datetime) -> list[Left]:
    ids = [UUID(image["id"]) for image in images]
    lock_branches(sorted({code for row in fetch(_BRANCHES, [ids]) for code in row if code}))
    rows = fetch(_WANTED, [json.dumps(images)])
    left: list[Left] = [([str(row[0])], "changed_since", "") for row in rows if row[5]]
    going = {row[0]: row for row in rows if not row[5]}
    wanted = [image for image in images if UUID(image["id"]) in going]
    _write(list(going), wanted)
    touched = {(row[1], row[2]) for row in going.values()}
    touched |= {(image["original_branch"], image["original_number"]) for image in wanted if image["original_number"]}
    link_returns(sorted(touched), by=by, former=sorted({row[4] for row in going.values() if row[4]}))
    record([_again(image, going[UUID(image["id"])], at) for image in wanted], by=by)
    return left


# Images that were kept before these columns were there say nothing of them: lines and tenders do.
_SINCE = """'{"brought_back": 0, "base_brought_back": 0, "unpaid": 0}'::jsonb"""


def _write(ids: list[UUID], images: list[dict[str, Any]]) -> None:
    names = [row[0] for row in fetch(_COLUMNS)]
    stored, values = ", ".join(f'"{name}"' for name in names), ", ".join(f'p."{name}"' for name in names)
    document = json.dumps(images)
    fetch("DELETE FROM commerce_receiptline WHERE receipt_id = ANY(%s)", [ids])
    fetch("DELETE FROM commerce_tender WHERE receipt_id = ANY(%s)", [ids])
    fetch(
        f"UPDATE commerce_receipt r SET ({stored}) = ROW({values}) FROM jsonb_array_elements(%s::jsonb) AS i(image), "
        "LATERAL jsonb_populate_record(NULL::commerce_receipt, " + _SINCE + " || i.image || "
        "jsonb_build_object('changed_xid', pg_current_xact_id()::text::bigint)) AS p WHERE r.id = p.id",
        [document],
    )
    for part, table in (("lines", "commerce_receiptline"), ("tenders", "commerce_tender")):
        fetch(
            f"INSERT INTO {table} SELECT p.* FROM jsonb_array_elements(%s::jsonb) AS i(image), "
            f"LATERAL jsonb_populate_recordset(NULL::{table}, coalesce(nullif(i.image->'{part}', 'null'), '[]')) AS p",
            [document],
        )
    _amount([UUID(image["id"]) for image in images if "brought_back" not in image])
    fetch(_OPEN, [[UUID(image["id"]) for image in images if "unpaid" not in image]])


def _amount(ids: list[UUID]) -> None:
    """What exchanges brought back, at the rate of their day; without one, both amounts wait for it."""
    rows = fetch(_SWAPPED, [ids])
    nets = base_amounts([(row[1], row[2], row[3]) for row in rows])
    backs = base_amounts([(row[1], row[2], row[4]) for row in rows])
    known = [(row[0], row[4], *both) for row, *both in zip(rows, nets, backs, strict=True)]
    for receipt_id, back, net, base in known:
        amounts = (None, None) if net is None or base is None else (net, base)
        fetch(
            "UPDATE commerce_receipt SET brought_back = %s, base_net = %s, base_brought_back = %s WHERE id = %s",
            [back, *amounts, receipt_id],
        )


_SWAPPED = """
SELECT r.id, r.currency, r.business_on, r.net, -sum(l.net)
FROM commerce_receipt r JOIN commerce_receiptline l ON l.receipt_id = r.id
WHERE r.id = ANY(%s) AND r.kind = 'exchange' AND l.net < 0 GROUP BY r.id
"""

_OPEN = """
UPDATE commerce_receipt r SET unpaid = r.total - paid.amount
FROM (SELECT receipt_id, sum(amount) AS amount FROM commerce_tender WHERE receipt_id = ANY(%s) GROUP BY receipt_id) AS paid
WHERE r.id = paid.receipt_id
"""

_COLUMNS = (
    "SELECT attname FROM pg_attribute WHERE attrelid = 'commerce_receipt'::regclass AND attnum > 0 AND NOT attisdropped "
    "AND attgenerated = ''"
)


def _again(image: dict[str, Any], row: Sequence[Any], at: datetime) -> ReceiptTakenBack:
    """The correction is what was taken back; the receipt itself is there."""
    return ReceiptTakenBack(
        receipt_id=row[0],
        customer_id=None if image["customer_id"] is None else UUID(image["customer_id"]),
        occurred_at=datetime.fromisoformat(image["occurred_at"]),
        taken_back_at=at,
        number=row[2],
        net=image["net"],
        total=image["total"],
        currency=image["currency"],
        kind=image["kind"],
        branch=row[1],
        previous_customer_id=row[3],
        is_there=True,
    )
