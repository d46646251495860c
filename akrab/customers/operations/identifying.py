"""Identifiers by hand: a person adds one to a customer, or takes one away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import IdentifierRemoved, IdentifiersAdded
from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.operations.locking import lock_new_identifiers
from akrab.customers.operations.noticing import ErasedBefore, notice
from akrab.customers.operations.resolving import LIMITS
from akrab.customers.queries.keys import identifier_key
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.operation import operation
from akrab.platform.refusal import NotFound, Refusal
from akrab.platform.rights.fields import demand_editable
from akrab.platform.rights.limits import demand, reachable


class IdentifiesNobody(Refusal):
    code = "identifies_nobody"
    status = 422
    message = _("“%(value)s” stands for nothing, so it cannot identify anybody.")


class NoPhoneNumber(IdentifiesNobody):
    message = _(
        "“%(value)s” is not a whole phone number. Write it with its first digits, such as 0812 3456 7890 or +65 6123 4567."
    )


class NoMailAddress(IdentifiesNobody):
    message = _("“%(value)s” is not an e-mail address. It looks like name@example.com.")


class IdentifierBlocked(IdentifiesNobody):
    message = _("“%(value)s” is blocked, so it identifies nobody: %(reason)s")


class IdentifierTaken(Refusal):
    code = "identifier_taken"
    message = _("“%(value)s” already belongs to %(name)s.")


class IdentifierTakenUnseen(Refusal):
    """Says no more than that somebody has it."""

    code = "identifier_taken"
    message = _("“%(value)s” already belongs to a customer whom you cannot see. Ask an administrator who works with them.")


class TooManyIdentifiers(Refusal):
    code = "too_many_identifiers"
    message = _("A customer has at most %(limit)s identifiers of this kind.")


_WRONG = {"phone": NoPhoneNumber, "whatsapp": NoPhoneNumber, "email": NoMailAddress}


@operation(may="customers.edit_customers", journal=_("Added an identifier to %(subject)s"))
def add_identifier(*, by: Actor, customer_id: UUID, kind: str, value: str, at: datetime) -> IdentifiersAdded:
    """Point an identifier to a customer; refused when it belongs to another."""
    find_and_lock(customer_id, by=by)
    demand_editable(by, CUSTOMER.name, [kind])
    fact = IdentifiersAdded(customer_id=customer_id, added_at=at, kinds=[kind])
    if point_to(customer_id, kind, value, by=by, at=at):
        record([fact], by=by)
    return fact


@operation(may="customers.edit_customers", journal=_("Removed an identifier of %(subject)s"))
def remove_identifier(*, by: Actor, customer_id: UUID, identifier_id: UUID, at: datetime) -> IdentifierRemoved:
    """Stop an identifier from pointing to a customer; receipts that it brought stay where they are."""
    find_and_lock(customer_id, by=by)
    gone = fetch(
        "DELETE FROM customers_identifier WHERE id = %s AND customer_id = %s RETURNING kind, value",
        [identifier_id, customer_id],
    )
    if not gone:
        raise NotFound
    demand_editable(by, CUSTOMER.name, [gone[0][0]])
    fact = IdentifierRemoved(customer_id=customer_id, removed_at=at, kind=gone[0][0], value=gone[0][1])
    record([fact], by=by)
    return fact


def find_and_lock(customer_id: UUID, *, by: Actor) -> Customer:
    """The customer, held until the transaction ends; refuses one that the actor may not see, or not change."""
    customer = Customer.objects.visible_to(by).select_for_update().filter(pk=customer_id).first()
    if customer is None:
        raise NotFound
    demand(by, CUSTOMER.name, [customer_id])
    assert isinstance(customer, Customer)
    return customer


def point_to(customer_id: UUID, kind: str, value: str, *, by: Actor, at: datetime) -> bool:
    """Make an identifier point to a customer, if it does not yet; says whether it is new."""
    key = identifier_key(kind, value)
    if not key:
        raise _WRONG.get(kind if value.strip("0-. ") else "", IdentifiesNobody)(value=value)
    if blocked := fetch("SELECT reason FROM customers_blockedidentifier WHERE kind = %s AND key = %s", [kind, key[:254]]):
        raise IdentifierBlocked(value=value, reason=blocked[0][0])
    lock_new_identifiers()
    if notice([(kind, key[:254])], at=at):
        raise ErasedBefore(value=value)
    new = fetch(
        "INSERT INTO customers_identifier (id, kind, key, value, customer_id, verified, source, added_at) "
        "VALUES (%s, %s, %s, %s, %s, false, %s, %s) ON CONFLICT (kind, key) DO NOTHING RETURNING 1",
        [new_id(), kind, key[:254], value.strip()[:254], customer_id, by.entrance, at],
    )
    if not new:
        _refuse_if_taken(customer_id, kind, key[:254], value, by=by)
    elif _how_many(customer_id, kind) > LIMITS[kind]:
        raise TooManyIdentifiers(limit=LIMITS[kind])
    return bool(new)


def _refuse_if_taken(customer_id: UUID, kind: str, key: str, value: str, *, by: Actor) -> None:
    owner = fetch(
        "SELECT c.id, c.display_name FROM customers_identifier i JOIN customers_customer c ON c.id = i.customer_id "
        "WHERE i.kind = %s AND i.key = %s",
        [kind, key],
    )
    if owner and owner[0][0] != customer_id:
        if not reachable(by, CUSTOMER.name, [owner[0][0]]):
            raise IdentifierTakenUnseen(value=value, kind=kind)
        raise IdentifierTaken(value=value, name=owner[0][1], customer_id=owner[0][0], kind=kind)


def _how_many(customer_id: UUID, kind: str) -> int:
    rows = fetch("SELECT count(*) FROM customers_identifier WHERE customer_id = %s AND kind = %s", [customer_id, kind])
    return int(rows[0][0])
