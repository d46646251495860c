"""Whom identifiers point to, and which values never identify anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from akrab.customers.queries.keys import identifier_key
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require

Key = tuple[str, str]
MEET = "customers.register_customers"
IDENTIFIER_MAX = 254


def key_of(kind: str, value: str) -> Key | None:
    """The unique key of an identifier, or None when the value identifies nobody."""
    key = identifier_key(kind, value)
    return (kind, key[:IDENTIFIER_MAX]) if key else None


def owners_of(keys: Iterable[Key], *, after: str = "") -> Mapping[Key, UUID]:
    """The customer of each key that is known, `after` what else goes in the same round trip."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    rows = fetch(
        f"{after}SELECT i.kind, i.key, i.customer_id FROM unnest(%s::text[], %s::text[]) AS w(kind, key) "
        "JOIN customers_identifier i ON i.kind = w.kind AND i.key = w.key",
        [[kind for kind, _key in wanted], [key for _kind, key in wanted]],
    )
    return {(kind, key): customer for kind, key, customer in rows}


def customers_of(*, by: Actor, identifiers: Iterable[tuple[str, str]]) -> dict[Key, UUID | None]:
    """The unique key of each (kind, value) pair that can identify somebody, and whose it is; None when it is nobody's yet."""
    require(by, MEET)
    keys = {key for kind, value in identifiers if (key := key_of(kind, value))}
    return dict.fromkeys(keys) | dict(owners_of(keys))


def owners_and_blocked(keys: Iterable[Key]) -> tuple[dict[Key, UUID], frozenset[Key]]:
    """The customer of each key that is known, and the keys that never identify anybody."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}, frozenset()
    rows = fetch(
        "SELECT w.kind, w.key, i.customer_id, b.kind IS NOT NULL FROM unnest(%s::text[], %s::text[]) AS w(kind, key) "
        "LEFT JOIN customers_identifier i ON i.kind = w.kind AND i.key = w.key "
        "LEFT JOIN customers_blockedidentifier b ON b.kind = w.kind AND b.key = w.key",
        [[kind for kind, _key in wanted], [key for _kind, key in wanted]],
    )
    return {row[:2]: row[2] for row in rows if row[2]}, frozenset(row[:2] for row in rows if row[3])
