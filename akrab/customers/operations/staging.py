"""The lifecycle stage: noted purchases and passing time move customers between stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from akrab.customers.facts import StageChanged
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.operation import operation

AT_RISK_AFTER_DAYS = 120
LAPSED_AFTER_DAYS = 365
LOYAL_FROM_PURCHASES = 6
WON_BACK_FOR_DAYS = 90

STAGE_SQL = f"""CASE
    WHEN purchase_count = 0 THEN CASE WHEN stage = 'lead' THEN 'lead' ELSE 'prospect' END
    WHEN last_purchase_at < %(now)s - interval '{LAPSED_AFTER_DAYS} days' THEN 'lapsed'
    WHEN last_purchase_at < %(now)s - interval '{AT_RISK_AFTER_DAYS} days' THEN 'at_risk'
    WHEN previous_purchase_at < last_purchase_at - interval '{LAPSED_AFTER_DAYS} days'
        AND last_purchase_at >= %(now)s - interval '{WON_BACK_FOR_DAYS} days' THEN 'won_back'
    WHEN purchase_count = 1 THEN 'first_time'
    WHEN purchase_count >= {LOYAL_FROM_PURCHASES} THEN 'loyal'
    ELSE 'active'
END"""


_SINCE = f"""least(%(now)s, CASE WHEN stage NOT IN ('lead', 'prospect') OR purchase_count = 0 THEN %(now)s
    ELSE last_purchase_at + CASE {STAGE_SQL} WHEN 'lapsed' THEN interval '{LAPSED_AFTER_DAYS} days'
        WHEN 'at_risk' THEN interval '{AT_RISK_AFTER_DAYS} days' ELSE interval '0' END END)"""
"""Since when the first stage holds: the purchase that brought it, or the day on which it was too long ago; later ones, now."""


@dataclass(frozen=True, slots=True)
class PurchaseSummary:
    """What one customer bought so far; `spend` is in minor units, net of tax and linked returns."""

    customer_id: UUID
    first_at: datetime | None
    last_at: datetime | None
    previous_at: datetime | None
    count: int
    spend: int
    currency: str


@operation(may="customers.note_purchases")
def note_purchases(*, by: Actor, summaries: Sequence[PurchaseSummary], at: datetime) -> list[StageChanged]:
    """Replace the purchase figures of customers and move them to the stage that follows."""
    ordered = sorted(summaries, key=lambda one: one.customer_id)
    fetch(
        "UPDATE customers_customer c SET first_purchase_at = s.first_at, last_purchase_at = s.last_at, "
        "previous_purchase_at = s.previous_at, purchase_count = s.count, spend = s.spend, "
        "spend_currency = s.currency, changed_xid = pg_current_xact_id()::text::bigint "
        "FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::int[], %s::bigint[], "
        "%s::text[]) AS s(id, first_at, last_at, previous_at, count, spend, currency) WHERE c.id = s.id AND "
        "(c.first_purchase_at, c.last_purchase_at, c.previous_purchase_at, c.purchase_count, c.spend, c.spend_currency) "
        "IS DISTINCT FROM (s.first_at, s.last_at, s.previous_at, s.count, s.spend, s.currency)",
        [
            [one.customer_id for one in ordered],
            [one.first_at for one in ordered],
            [one.last_at for one in ordered],
            [one.previous_at for one in ordered],
            [one.count for one in ordered],
            [one.spend for one in ordered],
            [one.currency for one in ordered],
        ],
    )
    return _restage(by=by, at=at, only=[one.customer_id for one in ordered])


@operation(may="customers.note_purchases")
def age_stages(*, by: Actor, at: datetime, limit: int = 20_000) -> list[StageChanged]:
    """Move customers whom passing time took to another stage; at most `limit` in one call."""
    return _restage(by=by, at=at, limit=limit)


def _restage(*, by: Actor, at: datetime, only: Sequence[UUID] | None = None, limit: int | None = None) -> list[StageChanged]:
    where = "AND merged_into_id IS NULL" + (" AND id = ANY(%(only)s)" if only is not None else "")
    some = f"LIMIT {int(limit)}" if limit else ""
    rows = fetch(
        f"WITH moved AS (SELECT id, stage AS before, {STAGE_SQL} AS after, {_SINCE} AS since FROM customers_customer "
        f"WHERE {STAGE_SQL} <> stage {where} ORDER BY id {some} FOR UPDATE) "
        "UPDATE customers_customer c SET stage = moved.after, changed_xid = pg_current_xact_id()::text::bigint "
        "FROM moved WHERE c.id = moved.id RETURNING c.id, moved.before, moved.after, moved.since",
        {"now": at, "only": list(only or [])},
    )
    facts = [StageChanged(customer_id=row[0], changed_at=row[3], before=row[1], after=row[2]) for row in rows]
    record(facts, by=by)
    return facts
