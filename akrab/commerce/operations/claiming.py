"""Claiming: an anonymous receipt finds its customer by a signed code, or by phone, number and amount."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _

from akrab.commerce.facts import ClaimRefused, ReceiptClaimed
from akrab.commerce.models import Receipt
from akrab.commerce.operations.returning import link_returns
from akrab.commerce.operations.storing import lock_branches
from akrab.customers.public import Contact, customer_cards, lock_customers, resolve_contacts
from akrab.platform.actor import Actor
from akrab.platform.bulk import current_xid
from akrab.platform.facts import record
from akrab.platform.operation import operation
from akrab.platform.refusal import NotFound, Refusal

CLAIM_WITHIN = timedelta(days=30)
_SALT = "commerce.claim"


class ClaimCodeInvalid(Refusal):
    code = "claim_code_invalid"
    status = 422
    message = _("This code is not valid; check it, or ask at the till.")


class NothingIdentifies(Refusal):
    code = "nothing_identifies"
    status = 422
    message = _("A claim needs a phone number, an e-mail address or a loyalty card.")


class NoSuchCustomer(Refusal):
    code = "no_such_customer"
    status = 422
    message = _("There is no such customer.")


def claim_code(receipt_id: UUID) -> str:
    """The signed code that a till prints on a receipt as QR."""
    return signing.Signer(salt=_SALT).sign(str(receipt_id))


def read_claim_code(code: str) -> UUID:
    """The receipt of a code; refuses a code that was not signed here."""
    try:
        return UUID(signing.Signer(salt=_SALT).unsign(code))
    except (signing.BadSignature, ValueError) as problem:
        raise ClaimCodeInvalid from problem


@operation(may="commerce.claim_receipts")
def claim_receipt(
    *, by: Actor, receipt_id: UUID, contact: Contact, at: datetime, customer_id: UUID | None = None
) -> ReceiptClaimed | ClaimRefused:
    """Give an anonymous receipt to a known customer or to that of a contact, once, within 30 days; counts as of the purchase.

    A second claim, a late one, or one of a receipt that was identified is refused and logged: the answer is then a
    `ClaimRefused` with its reason (already_yours, taken, too_late, not_counted).
    """
    branch = Receipt.objects.visible_to(by).filter(pk=receipt_id).values_list("branch__code", flat=True).first()
    if branch is None:
        raise NotFound
    lock_branches([branch])
    receipt = Receipt.objects.visible_to(by).select_for_update(of=("self",)).select_related("branch").get(pk=receipt_id)
    customer = _known(by, customer_id) if customer_id else _met(by, contact.dated(receipt.occurred_at), at)
    reason = receipt.claim_problem(customer, at=at, within=CLAIM_WITHIN)
    if reason:
        refused = ClaimRefused(receipt_id=receipt.id, customer_id=customer, refused_at=at, reason=reason)
        record([refused], by=by)
        return refused
    receipt.customer_id, receipt.customer_from = customer, Receipt.CustomerFrom.CLAIM
    receipt.changed_xid = current_xid()
    receipt.save(update_fields=["customer", "customer_from", "changed_xid"])
    claimed = ReceiptClaimed(
        receipt_id=receipt.id,
        customer_id=customer,
        occurred_at=receipt.occurred_at,
        claimed_at=at,
        number=receipt.number,
        branch=receipt.branch.code,
        net=receipt.net,
        total=receipt.total,
        currency=receipt.currency,
    )
    record([claimed], by=by)
    link_returns([(receipt.branch.code, receipt.number)], by=by)
    return claimed


def _known(by: Actor, customer_id: UUID) -> UUID:
    lock_customers(by=by, customer_ids=[customer_id])
    if customer_id not in customer_cards(by=by, customer_ids=[customer_id]):
        raise NoSuchCustomer
    return customer_id


def _met(by: Actor, contact: Contact, at: datetime) -> UUID:
    customer = resolve_contacts(by=by, contacts=[contact], at=at, source="claim")[0]
    if customer is None:
        raise NothingIdentifies
    return customer
