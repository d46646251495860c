"""Resolving contacts at intake: find each customer by what identifies them, or register a new one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from akrab.customers.facts import CustomerRegistered, IdentifiersAdded
from akrab.customers.models import Stage
from akrab.customers.operations.locking import LOCK_NEW_IDENTIFIERS
from akrab.customers.operations.noticing import notice
from akrab.customers.queries.keys import identifier_key
from akrab.platform.actor import Actor
from akrab.platform.bulk import copy_parts, current_xid, fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_ids
from akrab.platform.operation import operation

PRIORITY = {"account": 0, "card": 1, "phone": 2, "whatsapp": 3, "email": 4, "external": 5, "device": 6}
LIMITS = {"account": 5, "card": 5, "phone": 5, "whatsapp": 5, "email": 5, "external": 50, "device": 1}
WEAK = frozenset({"device"})

Key = tuple[str, str]

_CUSTOMER = (
    "id",
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
    "stage",
    "purchase_count",
    "spend",
    "spend_currency",
    "source",
    "registered_at",
    "version",
    "changed_at",
    "changed_xid",
)
_IDENTIFIER = ("id", "kind", "key", "value", "customer_id", "verified", "source", "added_at")


@dataclass(frozen=True, slots=True)
class Contact:
    """What an intake knows of one customer: identifiers as (kind, value) pairs, and fields for a first record."""

    identifiers: tuple[tuple[str, str], ...] = ()
    name: str = ""
    kind: str = "person"
    given_name: str = ""
    family_name: str = ""
    honorific: str = ""
    city: str = ""
    country: str = ""
    address: str = ""
    born_on: date | None = None
    at: datetime | None = None

    @property
    def unclear(self) -> tuple[str, ...]:
        """The kinds of those identifiers whose values cannot be one."""
        return tuple(kind for kind, value in self.identifiers if not identifier_key(kind, value))

    @property
    def unusable(self) -> tuple[str, ...]:
        """The kinds of identifiers that say something, unlike a blank or a dash, which cannot be one: “12” as a phone number."""
        spoken = ((kind, value) for kind, value in self.identifiers if kind != "external")
        return tuple(kind for kind, value in spoken if identifier_key("external", value) and not identifier_key(kind, value))

    @property
    def is_nobody(self) -> bool:
        """Whether nothing identifies a customer."""
        return not any(identifier_key(kind, value) for kind, value in self.identifiers)

    def dated(self, at: datetime) -> Contact:
        """The same contact, met at a moment."""
        return replace(self, at=at)


@dataclass(slots=True)
class _Work:
    """The state of one batch while it is resolved."""

    known: dict[Key, UUID]
    blocked: set[Key]
    counts: Counter[tuple[UUID, str]]
    chosen: list[UUID | None] = field(default_factory=list)
    created: dict[UUID, int] = field(default_factory=dict)
    added: list[tuple[Key, str, UUID, int]] = field(default_factory=list)
    erased: frozenset[Key] = frozenset()
    reviews: dict[tuple[str, UUID, str], tuple[UUID | None, dict[str, object]]] = field(default_factory=dict)


@operation(may="customers.register_customers", alone=False)
def resolve_contacts(*, by: Actor, contacts: Sequence[Contact], at: datetime, source: str = "") -> list[UUID | None]:
    """The customer of each contact, in order; None where nothing identifies one.

    Identifiers decide in the order account, card, phone, WhatsApp, e-mail, external id, device. A device alone never
    joins people who carry stronger evidence; evidence over its limit, or pointing to two customers, opens a review item.
    Somebody who was erased is not taken in again: their contact stays anonymous.
    """
    keys = [_keys(contact) for contact in contacts]
    wanted = sorted({key for group in keys for key, _value in group})
    work = _Work(*_lookup(wanted), Counter())
    if any(key not in work.known and key not in work.blocked for key in wanted):
        work.known, work.blocked = _lookup(wanted, after=LOCK_NEW_IDENTIFIERS)
    if _SOMEBODY in work.blocked:
        work.erased = notice((key for key in wanted if key not in work.known), at=at)
    _count_identifiers(work, keys)
    for index, group in enumerate(keys):
        work.chosen.append(_choose(work, index, group))
    _write(work, contacts, by=by, at=at, source=source)
    return work.chosen


def _keys(contact: Contact) -> list[tuple[Key, str]]:
    found: dict[Key, str] = {}
    for kind, value in contact.identifiers:
        key = identifier_key(kind, value)
        if key:
            found.setdefault((kind, key[:254]), value.strip()[:254])
    return sorted(found.items(), key=lambda item: (PRIORITY[item[0][0]], item[0]))


_SOMEBODY = ("", "")
"""Stands among blocked keys when anybody was ever erased."""

_WHOSE = """
SELECT i.kind, i.key, i.customer_id FROM unnest(%(kinds)s::text[], %(keys)s::text[]) AS w(kind, key)
JOIN customers_identifier i ON i.kind = w.kind AND i.key = w.key
UNION ALL
SELECT b.kind, b.key, NULL FROM unnest(%(kinds)s::text[], %(keys)s::text[]) AS w(kind, key)
JOIN customers_blockedidentifier b ON b.kind = w.kind AND b.key = w.key
UNION ALL
SELECT '', '', NULL WHERE EXISTS (SELECT 1 FROM customers_tombstone WHERE lifted_at IS NULL)
"""


def _lookup(keys: list[Key], *, after: str = "") -> tuple[dict[Key, UUID], set[Key]]:
    """The customers that keys point to, and the keys that are blocked."""
    if not keys:
        return {}, set()
    rows = fetch(after + _WHOSE, {"kinds": [kind for kind, _key in keys], "keys": [key for _kind, key in keys]})
    known = {(kind, key): customer for kind, key, customer in rows if customer is not None}
    return known, {(kind, key) for kind, key, customer in rows if customer is None}


def _count_identifiers(work: _Work, keys: list[list[tuple[Key, str]]]) -> None:
    growing = {
        work.known[key]
        for group in keys
        if any(other not in work.known for other, _value in group)
        for key, _value in group
        if key in work.known
    }
    if growing:
        rows = fetch(
            "SELECT customer_id, kind, count(*) FROM customers_identifier WHERE customer_id = ANY(%s) GROUP BY 1, 2",
            [sorted(growing)],
        )
        work.counts.update({(customer, kind): count for customer, kind, count in rows})


def _choose(work: _Work, index: int, group: list[tuple[Key, str]]) -> UUID | None:
    usable = [(key, value) for key, value in group if key not in work.blocked and key not in work.erased]
    came_back = len(usable) < len(group) and any(key in work.erased for key, _value in group)
    if not usable or (came_back and not any(key in work.known for key, _value in usable)):
        return None
    strong = [key for key, _value in usable if key[0] not in WEAK]
    hits = [key for key, _value in usable if key in work.known and (key[0] not in WEAK or not strong)]
    customer = work.known[hits[0]] if hits else None
    new = [(key, value) for key, value in usable if key not in work.known]
    if customer is not None:
        over = [key for key, _value in new if work.counts[customer, key[0]] >= LIMITS[key[0]]]
        if over:
            _review(work, "limit", customer, None, over[0])
            customer = None
            new = [(key, value) for key, value in new if key[0] not in WEAK]
    for key in hits[1:]:
        if customer is not None and work.known[key] != customer:
            _review(work, "conflict", customer, work.known[key], key)
    if customer is None:
        if not new:
            return work.known[hits[0]] if hits else None
        customer = new_ids(1)[0]
        work.created[customer] = index
    for key, value in new:
        if work.counts[customer, key[0]] >= LIMITS[key[0]]:
            _review(work, "limit", customer, None, key)
            continue
        work.known[key] = customer
        work.counts[customer, key[0]] += 1
        work.added.append((key, value, customer, index))
    return customer


def _review(work: _Work, kind: str, customer: UUID, other: UUID | None, key: Key) -> None:
    name = f"{key[0]}:{key[1]}"
    work.reviews.setdefault((kind, customer, name), (other, {"kind": key[0], "value": key[1]}))


def _write(work: _Work, contacts: Sequence[Contact], *, by: Actor, at: datetime, source: str) -> None:
    xid = current_xid() if work.created else 0
    identifiers = (
        (one, key[0], key[1], value, customer, False, source, contacts[index].at or at)
        for one, (key, value, customer, index) in zip(new_ids(len(work.added)), work.added, strict=True)
    )
    with override(settings.LANGUAGE_CODE):
        copy_parts(
            ("customers_customer", _CUSTOMER, _new_customers(work, contacts, at=at, source=source, xid=xid)),
            ("customers_identifier", _IDENTIFIER, identifiers),
        )
    for (kind, customer, name), (other, evidence) in work.reviews.items():
        fetch(
            "INSERT INTO customers_reviewitem (id, kind, customer_id, other_id, evidence, evidence_key, opened_at) "
            "VALUES (gen_random_uuid(), %s, %s, %s, %s::jsonb, %s, %s) ON CONFLICT DO NOTHING",
            [kind, customer, other, json.dumps(evidence), name[:300], at],
        )
    _record_facts(work, contacts, by=by, at=at, source=source)


def _new_customers(work: _Work, contacts: Sequence[Contact], *, at: datetime, source: str, xid: int) -> Iterator[tuple[Any, ...]]:
    values: dict[UUID, dict[str, str]] = {customer: {} for customer in work.created}
    for (kind, _key), value, customer, _index in work.added:
        values.get(customer, {}).setdefault(kind, value)
    for customer, index in work.created.items():
        contact = contacts[index]
        yield (
            customer,
            contact.kind,
            display_name(contact, values[customer]),
            contact.honorific[:40],
            contact.given_name[:100],
            contact.family_name[:100],
            values[customer].get("email", ""),
            values[customer].get("phone", values[customer].get("whatsapp", ""))[:40],
            contact.city[:100],
            contact.country[:60],
            contact.address,
            contact.born_on,
            Stage.PROSPECT.value,
            0,
            0,
            "",
            source,
            contact.at or at,
            1,
            at,
            xid,
        )


def display_name(contact: Contact, values: dict[str, str]) -> str:
    """The one required name: as given, else from its parts, else from what identifies the customer."""
    name = contact.name.strip() or f"{contact.given_name} {contact.family_name}".strip()
    if name:
        return name[:200]
    for kind in ("email", "phone", "whatsapp"):
        if kind in values:
            return values[kind][:200]
    first = next(iter(values.values()), "")
    return (_("Customer %(id)s") % {"id": first.rpartition("/")[2]})[:200]


def _record_facts(work: _Work, contacts: Sequence[Contact], *, by: Actor, at: datetime, source: str) -> None:
    registered = [
        CustomerRegistered(
            customer_id=customer,
            registered_at=contacts[index].at or at,
            name=contacts[index].name.strip()[:200],
            kind=contacts[index].kind,
            through=source,
        )
        for customer, index in work.created.items()
    ]
    grown: dict[UUID, tuple[int, list[str]]] = {}
    for (kind, _key), _value, customer, index in work.added:
        if customer not in work.created:
            grown.setdefault(customer, (index, []))[1].append(kind)
    added = [
        IdentifiersAdded(customer_id=customer, added_at=contacts[index].at or at, kinds=kinds)
        for customer, (index, kinds) in grown.items()
    ]
    record([*registered, *added], by=by, source=source)
