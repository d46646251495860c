"""Intake: receipts a second through the operation, beside plain COPY of the rows that came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction

from akrab.cli.benches.measure import Result, Row, database_seconds, ratio
from akrab.commerce.public import ReceiptMessage, record_receipts
from akrab.commerce.seeds.scale import scale
from akrab.commerce.seeds.story import tell
from akrab.customers.public import Contact
from akrab.platform.actor import command_actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import ensure_months
from akrab.platform.ids import new_id

COUNT = 20_000
BATCH = 4_000
SINGLE = 300
FLOOR = "COPY of the same rows into the same tables, their constraints checked"
NEW = "pg_current_xact_id()::text::bigint"
WRITTEN = {
    # only on a home that does not hold the demo company
    "commerce_branch": "id > '{start}'",
    "commerce_category": "id > '{start}'",
    "commerce_product": "id > '{start}'",
    "customers_customer": f"changed_xid = {NEW}",
    "customers_identifier": f"customer_id IN (SELECT id FROM customers_customer WHERE changed_xid = {NEW})",
    "commerce_receipt": f"changed_xid = {NEW}",
    "commerce_receiptline": f"receipt_id IN (SELECT id FROM commerce_receipt WHERE changed_xid = {NEW})",
    "commerce_tender": f"receipt_id IN (SELECT id FROM commerce_receipt WHERE changed_xid = {NEW})",
    "platform_fact": f"xid = {NEW}",
}
_OTHER = {"phone": ("08100", "08109"), "card": ("LS", "LX"), "account": ("toko-", "bench-"), "email": ("", "bench.")}

T = TypeVar("T")
Rows = dict[str, tuple[str, bytes]]


class _Undo(Exception):
    """Ends a trial; everything that it wrote is rolled back."""


def intake() -> Result:
    """20,000 receipts, a quarter of them from customers new to this home; rolled back, so commits are not in it."""
    messages = _messages()
    with transaction.atomic():
        ensure_months({day.replace(day=1) for day in (datetime.now(UTC).date(), *(one.occurred_at.date() for one in messages))})
    start = new_id()
    wide, rows = _undone(lambda: (_timed(lambda: _record(messages, BATCH)), _written(start)))
    copy = _undone(lambda: _timed(lambda: _copy(rows)))
    single = _undone(lambda: _timed(lambda: _record(messages[:SINGLE], 1)))
    lines = sum(len(one.lines) for one in messages) / COUNT
    return Result(
        "intake",
        FLOOR,
        [
            _row(f"batches of {BATCH:,}, {lines:.1f} lines each", COUNT, wide, copy, "≥ 5,000/s"),
            _row("COPY of the same rows", COUNT, copy, copy),
            _row("one by one", SINGLE, single, None, "≥ 300/s"),
        ],
    )


def _messages() -> list[ReceiptMessage]:
    """Sales of a demo company of another seed whose numbers and customers this home does not know."""
    story = tell(scale(customers=COUNT // 4, seed=987, years=2, until=date(2026, 11, 21)))
    sales = (one for day in story.days() for one in day.messages if one.kind == "sale")
    return [
        replace(one, number=f"BENCH-{number}", lines=one.lines[:3], contact=_stranger(one.contact))
        for number, one in enumerate(islice(sales, COUNT))
    ]


def _stranger(contact: Contact | None) -> Contact | None:
    if contact is None:
        return None
    return replace(
        contact,
        identifiers=tuple(
            (kind, value.replace(*_OTHER[kind], 1) if _OTHER[kind][0] else _OTHER[kind][1] + value)
            for kind, value in contact.identifiers
        ),
    )


def _record(messages: Sequence[ReceiptMessage], batch: int) -> None:
    by = command_actor()
    for start in range(0, len(messages), batch):
        record_receipts(by=by, receipts=messages[start : start + batch], at=datetime.now(UTC), source="bench", open_branches=True)
        _settle()


def _settle() -> None:
    """Check now what a commit would check."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _written(start: UUID) -> Rows:
    """What this transaction, begun at an id, wrote, as COPY gives it, with the columns of each table that can be written."""
    found: Rows = {}
    for table, where in WRITTEN.items():
        columns = ", ".join(
            f'"{row[0]}"'
            for row in fetch(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = '' "
                "AND NOT attisdropped ORDER BY attnum",
                [table],
            )
        )
        select = f"SELECT {columns} FROM {table} WHERE {where.format(start=start)}"
        with connection.cursor() as cursor, cursor.copy(f"COPY ({select}) TO STDOUT") as copy:
            found[table] = (columns, b"".join(bytes(block) for block in copy))
    return found


def _copy(rows: Rows) -> None:
    for table, (columns, block) in rows.items():
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            copy.write(block)
    _settle()


def _timed(work: Callable[[], None]) -> dict[str, float]:
    wall, cpu, database = time.perf_counter(), time.process_time(), database_seconds()
    work()
    return {
        "wall s": time.perf_counter() - wall,
        "CPU s": time.process_time() - cpu,
        "database CPU s": database_seconds() - database,
    }


def _undone(work: Callable[[], T]) -> T:
    kept: list[T] = []
    try:
        with transaction.atomic():
            kept.append(work())
            raise _Undo
    except _Undo:
        return kept[0]


def _row(name: str, count: int, spent: dict[str, float], floor: dict[str, float] | None, aim: str = "") -> Row:
    per = {"µs each": spent["wall s"], "CPU µs each": spent["CPU s"], "database CPU µs each": spent["database CPU s"]}
    figures: dict[str, float | int | str] = {"receipts/s": round(count / spent["wall s"])}
    figures |= {title: round(seconds / count * 1e6) for title, seconds in per.items()}
    return Row(name, figures, ratio(spent["wall s"], floor["wall s"]) if floor else None, aim)
