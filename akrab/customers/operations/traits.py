"""Writing traits: analytics hand down named, typed, dated values for many customers at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from akrab.customers.facts import TraitsWritten
from akrab.platform.actor import Actor
from akrab.platform.bulk import copy_rows, fetch
from akrab.platform.facts import record
from akrab.platform.operation import operation

_COLUMNS = 'customer_id, name, type, number, text, "on", as_of, written_at, source, version, reasons'


@dataclass(frozen=True, slots=True)
class TraitValue:
    """One value about one customer: a Decimal or int is a number, a date a date, a str a text."""

    customer_id: UUID
    name: str
    value: Decimal | int | date | str
    reasons: list[str] = field(default_factory=list)


@operation(may="customers.write_traits")
def write_traits(
    *, by: Actor, values: Iterable[TraitValue], names: Sequence[str], source: str, version: str, as_of: date, at: datetime
) -> TraitsWritten:
    """Replace the traits `names` of every customer by `values`; customers without a value lose the trait."""
    fetch(
        "CREATE TEMP TABLE incoming_trait (customer_id uuid, name text, type text, number numeric, text text, "
        '"on" date, reasons text) ON COMMIT DROP'
    )
    copy_rows("incoming_trait", ("customer_id", "name", "type", "number", "text", '"on"', "reasons"), map(_row, values))
    fetch("CREATE INDEX ON incoming_trait (customer_id, name)")
    fetch(
        "DELETE FROM customers_trait t WHERE t.name = ANY(%s) AND NOT EXISTS "
        "(SELECT 1 FROM incoming_trait i WHERE i.customer_id = t.customer_id AND i.name = t.name)",
        [list(names)],
    )
    rows = fetch(
        f"WITH written AS (INSERT INTO customers_trait ({_COLUMNS}) "
        'SELECT i.customer_id, i.name, i.type, i.number, i.text, i."on", %s, %s, %s, %s, i.reasons::jsonb '
        "FROM incoming_trait i JOIN customers_customer c ON c.id = i.customer_id "
        "ON CONFLICT (customer_id, name) DO UPDATE SET type = excluded.type, number = excluded.number, "
        'text = excluded.text, "on" = excluded."on", as_of = excluded.as_of, written_at = excluded.written_at, '
        "source = excluded.source, version = excluded.version, reasons = excluded.reasons RETURNING customer_id) "
        "SELECT count(DISTINCT customer_id) FROM written",
        [as_of, at, source, version],
    )
    fetch("DROP TABLE incoming_trait")
    fact = TraitsWritten(written_at=at, names=list(names), customers=rows[0][0], source=source)
    record([fact], by=by)
    return fact


def _row(one: TraitValue) -> tuple[object, ...]:
    reasons = json.dumps(one.reasons)
    if isinstance(one.value, date):
        return (one.customer_id, one.name, "date", None, "", one.value, reasons)
    if isinstance(one.value, str):
        return (one.customer_id, one.name, "text", None, one.value[:200], None, reasons)
    return (one.customer_id, one.name, "number", one.value, "", None, reasons)
