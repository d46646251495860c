"""Claiming an anonymous receipt: once, in time, as of its purchase."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from akrab.commerce.facts import ClaimRefused, ReceiptClaimed
from akrab.commerce.operations.claiming import ClaimCodeInvalid, claim_code, claim_receipt, read_claim_code
from akrab.commerce.tests.factories import get_receipt, make_line, make_message, summarize, take
from akrab.customers.models import Customer
from akrab.customers.public import Contact
from akrab.platform.actor import SYSTEM
from akrab.platform.bulk import fetch
from akrab.platform.tests.factories import NOON, facts_recorded

pytestmark = pytest.mark.django_db

SARI = Contact((("phone", "081200000001"),))
BUDI = Contact((("phone", "081200000002"),))


def test_a_claimed_receipt_counts_from_the_moment_of_purchase() -> None:
    take(make_message("7"))

    fact = claim_receipt(by=SYSTEM, receipt_id=get_receipt("7").id, contact=SARI, at=NOON + timedelta(days=2))

    assert isinstance(fact, ReceiptClaimed)
    assert fact.occurred_at == get_receipt("7").occurred_at
    assert (get_receipt("7").customer_id, get_receipt("7").customer_from) == (fact.customer_id, "claim")


@pytest.mark.parametrize(("contact", "days", "reason"), [(BUDI, 1, "taken"), (SARI, 1, "already_yours")])
def test_a_second_claim_is_refused_and_logged(contact: Contact, days: int, reason: str) -> None:
    take(make_message("7"))
    receipt = get_receipt("7")
    claim_receipt(by=SYSTEM, receipt_id=receipt.id, contact=SARI, at=NOON)

    fact = claim_receipt(by=SYSTEM, receipt_id=receipt.id, contact=contact, at=NOON + timedelta(days=days))

    assert isinstance(fact, ClaimRefused)
    assert fact.reason == reason
    assert facts_recorded("commerce.claim_refused") == ["commerce.claim_refused"]


def test_a_claim_after_thirty_days_is_refused() -> None:
    take(make_message("7"))

    fact = claim_receipt(by=SYSTEM, receipt_id=get_receipt("7").id, contact=SARI, at=NOON + timedelta(days=31))

    assert isinstance(fact, ClaimRefused)
    assert get_receipt("7").customer is None


def test_a_code_that_was_not_signed_here_is_refused() -> None:
    take(make_message("7"))
    code = claim_code(get_receipt("7").id)

    assert read_claim_code(code) == get_receipt("7").id
    with pytest.raises(ClaimCodeInvalid):
        read_claim_code(code[:-1] + ("A" if code[-1] != "A" else "B"))


@pytest.mark.django_db(transaction=True)
def test_a_claim_holds_its_branch_so_that_a_return_cannot_slip_by() -> None:
    take(make_message("7"))
    receipt = get_receipt("7")
    held = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() "
        "AND objid::bigint = hashtext(%s)::bigint & 4294967295"
    )

    with transaction.atomic():
        claim_receipt(by=SYSTEM, receipt_id=receipt.id, contact=SARI, at=NOON)
        assert fetch(held, [receipt.branch.code]) == [(1,)]


def test_an_exchange_is_claimed_for_what_it_sells() -> None:
    back, tea = make_line(quantity=-1), make_line(sku="TEH", unit_price="30000")
    take(make_message("7", kind="exchange", lines=(back, tea)), make_message("8", kind="exchange", lines=(back,)))
    exchange, only_back = get_receipt("7"), get_receipt("8")

    fact = claim_receipt(by=SYSTEM, receipt_id=exchange.id, contact=SARI, at=NOON)
    refused = claim_receipt(by=SYSTEM, receipt_id=only_back.id, contact=SARI, at=NOON)

    assert (fact.customer_id, getattr(refused, "reason", "")) == (get_receipt("7").customer_id, "not_counted")
    assert (get_receipt("7").customer_from, get_receipt("8").customer_id) == ("claim", None)
    assert fact.customer_id
    summarize([fact.customer_id])
    customer = Customer.objects.get(pk=fact.customer_id)
    assert (customer.purchase_count, customer.spend) == (1, 3_000_000)


def test_a_correction_that_names_nobody_keeps_the_claim() -> None:
    take(make_message("7"))
    claimed = claim_receipt(by=SYSTEM, receipt_id=get_receipt("7").id, contact=SARI, at=NOON)

    take(make_message("7", lines=(make_line(quantity=2),)))

    assert (get_receipt("7").customer_id, get_receipt("7").customer_from) == (claimed.customer_id, "claim")
    fact = fetch("SELECT customer_id FROM platform_fact WHERE kind = 'commerce.receipt_corrected'")
    assert fact == [(claimed.customer_id,)]


def test_a_correction_that_identifies_somebody_else_outdoes_the_claim() -> None:
    take(make_message("7"))
    claimed = claim_receipt(by=SYSTEM, receipt_id=get_receipt("7").id, contact=SARI, at=NOON)

    take(make_message("7", contact=BUDI))

    receipt = get_receipt("7")
    assert (receipt.customer_from, receipt.customer_id != claimed.customer_id) == ("identifier", True)
