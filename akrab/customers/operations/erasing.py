"""Erasing a customer: one operation over every store of every room, and a receipt that says what went and what stayed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import CustomerErased, ErasureCompleted, TombstoneLifted
from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.queries.identifying import key_of
from akrab.customers.queries.identity import members_of, survivor_of
from akrab.customers.queries.tombstones import hash_of
from akrab.customers.tables.privacy import Erasure, Tombstone
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.holdings import Erasing, Gone, holdings
from akrab.platform.ids import new_id
from akrab.platform.operation import operation
from akrab.platform.refusal import NotFound
from akrab.platform.rights.limits import demand

REASONS = {
    "request": _("The person asked for it"),
    "retention": _("A retention rule"),
    "company": _("The company decided"),
    "replay": _("Erased before, and brought back by a backup"),
}
# a given name alone would find strangers
SHORTEST = 6


@operation(may="customers.erase_customers")
def erase_customer(*, by: Actor, customer_id: UUID, at: datetime, reason: str = "request") -> CustomerErased:
    """Remove a customer from every store of the database; files and lake follow by job, which signs the receipt.

    Whoever was merged into the customer is the same person and goes first, with a receipt of their own.
    """
    survivor, *merged = members_of(survivor_of(customer_id))
    _lock(survivor, by=by)
    for one in reversed(merged):
        _erase(one, by=by, at=at, reason=reason)
    return _erase(survivor, by=by, at=at, reason=reason)


def _erase(customer_id: UUID, *, by: Actor, at: datetime, reason: str) -> CustomerErased:
    customer = _lock(customer_id, by=by)
    keys = _keys_of(customer)
    erasure = Erasure.objects.create(
        id=new_id(), customer_id=customer_id, at=at, reason=reason, actor_kind=by.kind, actor_label=by.label
    )
    _bury(erasure, keys)
    erasing = Erasing(customer_id, erasure.pk, at, _texts_of(customer, keys))
    fetch("SELECT set_config('akrab.erasing', %s, true)", [str(erasure.pk)])
    for store in holdings():
        _note(erasure, store.name, str(at.isoformat()), store.erase(erasing))
    fetch("SELECT set_config('akrab.erasing', '', true)")
    erasure.save(update_fields=["stores", "doomed"])
    fact = CustomerErased(customer_id=customer_id, at=at, erasure_id=erasure.pk, reason=reason)
    record([fact], by=by)
    return fact


def _lock(customer_id: UUID, *, by: Actor) -> Customer:
    """The customer, held; one in the trash is erased too."""
    customer = Customer.objects.unscoped().select_for_update().filter(pk=customer_id).first()
    if customer is None:
        raise NotFound
    demand(by, CUSTOMER.name, [customer_id], with_trash=True)
    assert isinstance(customer, Customer)
    return customer


def _keys_of(customer: Customer) -> list[tuple[str, str]]:
    """(kind, key) of everything that pointed to the customer."""
    keys = {(one.kind, one.key) for one in customer.identifiers.exclude(kind="device")}
    keys |= {key for kind in ("email", "phone") if (key := key_of(kind, getattr(customer, kind)))}
    return sorted(keys)


def _bury(erasure: Erasure, keys: Sequence[tuple[str, str]]) -> None:
    Tombstone.objects.bulk_create(
        [Tombstone(id=new_id(), kind=key[0], hash=hash_of(key), erasure=erasure) for key in keys], ignore_conflicts=True
    )


def _texts_of(customer: Customer, keys: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Texts that say who it is and are long enough to find nobody else."""
    found = {key for _kind, key in keys} | {one.value for one in customer.identifiers.all()}
    found |= {customer.display_name, customer.email, customer.phone, customer.address}
    return tuple(sorted(text.strip() for text in found if len(text.strip()) >= SHORTEST))


def _note(erasure: Erasure, name: str, moment: str, gone: Gone) -> None:
    erasure.doomed = [*erasure.doomed, *gone.doomed]
    counts = {"removed": gone.removed, "cleaned": gone.cleaned, "kept": gone.kept}
    erasure.stores = [*erasure.stores, {"store": name, "at": moment, **counts}]


@operation(may="customers.erase_customers")
def complete_erasure(*, by: Actor, erasure_id: UUID, stores: Sequence[dict[str, Any]], at: datetime) -> ErasureCompleted:
    """Note what happened outside the database, and sign the receipt; a second time changes nothing."""
    erasure = Erasure.objects.select_for_update().filter(pk=erasure_id).first()
    if erasure is None:
        raise NotFound
    fact = ErasureCompleted(erasure_id=erasure_id, completed_at=erasure.completed_at or at)
    if erasure.completed_at is None:
        erasure.stores = [*erasure.stores, *stores]
        erasure.doomed = []
        erasure.completed_at = at
        erasure.signature = signature_of(erasure)
        erasure.save(update_fields=["stores", "doomed", "completed_at", "signature"])
        record([fact], by=by)
    return fact


def receipt_of(erasure: Erasure) -> dict[str, Any]:
    """What the signature covers."""
    return {
        "erasure": str(erasure.pk),
        "customer": str(erasure.customer_id),
        "erased_at": erasure.at.isoformat(),
        "completed_at": erasure.completed_at.isoformat() if erasure.completed_at else None,
        "reason": erasure.reason,
        "by": erasure.actor_label,
        "stores": erasure.stores,
    }


def signature_of(erasure: Erasure) -> str:
    """HMAC-SHA256 of the receipt under the installation's key."""
    text = json.dumps(receipt_of(erasure), sort_keys=True, separators=(",", ":"))
    return salted_hmac("akrab.erasure", text, algorithm="sha256").hexdigest()


def is_genuine(erasure: Erasure) -> bool:
    return constant_time_compare(erasure.signature, signature_of(erasure))


@operation(may="customers.erase_customers")
def lift_tombstones(*, by: Actor, erasure_id: UUID, at: datetime) -> TombstoneLifted:
    """Somebody came back of their own wish: their identifiers may point to a new customer."""
    lifted = Tombstone.objects.filter(erasure_id=erasure_id, lifted_at=None).update(lifted_at=at)
    if not lifted:
        raise NotFound
    fact = TombstoneLifted(erasure_id=erasure_id, lifted_at=at)
    record([fact], by=by)
    return fact
