"""Storing customers in sets: new rows, changed fields and identifiers, one statement each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from akrab.customers.models import Stage
from akrab.customers.queries.identifying import Key
from akrab.platform.bulk import Part, copy_parts, current_xid, fetch
from akrab.platform.ids import new_ids

COLUMNS = (
    "kind",
    "display_name",
    "honorific",
    "given_name",
    "family_name",
    "email",
    "phone",
    "city",
    "country",
    "address",
    "born_on",
)
_CUSTOMER = (
    "id",
    *COLUMNS,
    "custom",
    "stage",
    "purchase_count",
    "spend",
    "spend_currency",
    "source",
    "registered_at",
    "version",
    "changed_at",
    "changed_xid",
    "owner_id",
    "people",
)
_IDENTIFIER = ("id", "kind", "key", "value", "customer_id", "verified", "source", "added_at")
_ASSIGNMENTS = ", ".join([*(f"{name} = n.{name}" for name in COLUMNS), "custom = n.custom::jsonb"])
_VALUES = ", ".join(f"%s::{'date' if name == 'born_on' else 'text'}[]" for name in (*COLUMNS, "custom"))
_UPDATE = (
    f"UPDATE customers_customer c SET {_ASSIGNMENTS}, version = version + 1, changed_at = %s, "
    "changed_xid = pg_current_xact_id()::text::bigint "
    f"FROM unnest(%s::uuid[], {_VALUES}) AS n(id, {', '.join(COLUMNS)}, custom) WHERE c.id = n.id"
)


def insert_customers(
    rows: Sequence[tuple[UUID, Mapping[str, Any], datetime]],
    keys: Mapping[Key, tuple[str, UUID, datetime]],
    *,
    at: datetime,
    source: str,
    owner: UUID | None = None,
) -> None:
    """Insert customers: their id, every column of `COLUMNS`, and the moment they became known; perhaps all of one owner.

    Their `keys` go with them, as `insert_identifiers` takes them.
    """
    xid = current_xid()
    people = [owner] if owner else None
    customers = (
        (
            *(customer, *(values[name] for name in COLUMNS), _json(values), Stage.PROSPECT.value, 0, 0, "", source, moment),
            *(1, at, xid, owner, people),
        )
        for customer, values, moment in rows
    )
    copy_parts(("customers_customer", _CUSTOMER, customers), _identifiers(keys, source=source))


def lock_rows(ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The stored columns and version of customers, held until the transaction ends."""
    names = ("id", "version", *COLUMNS, "custom")
    rows = fetch(f"SELECT {', '.join(names)} FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [list(ids)])
    return {row[0]: {**dict(zip(names, row, strict=True)), "custom": json.loads(row[-1])} for row in rows}


def update_customers(rows: Mapping[UUID, Mapping[str, Any]], *, at: datetime) -> None:
    """Give customers these columns and the next version."""
    if rows:
        fetch(
            _UPDATE,
            [at, list(rows), *([row[name] for row in rows.values()] for name in COLUMNS), list(map(_json, rows.values()))],
        )


def _json(values: Mapping[str, Any]) -> str:
    """The custom values of a row; those who make rows of what they know have none."""
    return json.dumps(values.get("custom") or {})


def insert_identifiers(rows: Mapping[Key, tuple[str, UUID, datetime]], *, source: str) -> None:
    """Point new keys to customers: value as it was said, customer, moment."""
    copy_parts(_identifiers(rows, source=source))


def _identifiers(rows: Mapping[Key, tuple[str, UUID, datetime]], *, source: str) -> Part:
    identifiers = (
        (new, key[0], key[1], value, customer, False, source, moment)
        for new, (key, (value, customer, moment)) in zip(new_ids(len(rows)), rows.items(), strict=True)
    )
    return "customers_identifier", _IDENTIFIER, identifiers


def count_identifiers(ids: Sequence[UUID]) -> dict[tuple[UUID, str], int]:
    """How many identifiers of each kind these customers have."""
    rows = fetch(
        "SELECT customer_id, kind, count(*) FROM customers_identifier WHERE customer_id = ANY(%s) GROUP BY 1, 2",
        [list(ids)],
    )
    return {(row[0], row[1]): row[2] for row in rows}
