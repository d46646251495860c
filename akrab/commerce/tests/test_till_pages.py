"""The pages for what a till counted and what a foreign currency was worth."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from akrab.commerce.models import Branch, TillClosing
from akrab.commerce.operations.opening import open_branches
from akrab.commerce.queries.catalog import closing_days
from akrab.commerce.queries.choosing import ReceiptChoice, list_receipts
from akrab.commerce.queries.messages import TenderMessage
from akrab.commerce.tests.factories import get_receipt, make_line, make_message, take
from akrab.customers.tests.factories import sign_in
from akrab.platform.actor import SYSTEM
from akrab.platform.models import CurrencyRate, User
from akrab.platform.tests.factories import NOON, facts_recorded, make_actor

pytestmark = pytest.mark.django_db
TILLS, RATES = "/commerce/reconciliation/", "/commerce/rates/"
DAY = {"since": "2026-03-10", "until": "2026-03-10"}
CLOSING = {"branch": "SUDIRMAN", "business_on": "2026-03-10", "receipts": "3", "total": "60000", "currency": "IDR"}
RATE = {"currency": "usd", "on": "2026-03-01", "rate": "16250.5"}


@pytest.fixture
def ann(client: Client) -> Client:
    """A browser in which a manager is signed in."""
    sign_in(client, "manager")
    return client


def text(client: Client, address: str, *given: Any) -> str:
    response = client.get(address, *given)
    assert response.status_code == 200
    return response.content.decode()


def test_what_differs_comes_before_what_agrees(ann: Client) -> None:
    take(make_message("1"), make_message("2", branch="BANDUNG"), make_message("3", branch="CIKINI"))
    ann.post(TILLS, {**CLOSING, "branch": "BANDUNG", "receipts": "1", "total": "25000"})
    ann.post(TILLS, CLOSING)

    body = text(ann, TILLS, DAY)

    order = [body.index(words) for words in ("Differs from the till", "figures are not noted", ">Agrees")]
    assert order == sorted(order)
    assert "2 receipts missing here" in body
    assert "Rp\u00a035,000" in body
    assert "Agrees" not in text(ann, TILLS, {**DAY, "only": "differences"})


def test_a_till_that_counted_what_never_arrived_differs(ann: Client) -> None:
    take(make_message("1", branch="BANDUNG"))
    open_branches(by=SYSTEM, codes=["BARU"], channels={"BARU": "store"}, at=NOON, zone="Asia/Jakarta")
    ann.post(TILLS, {**CLOSING, "branch": "BARU"})

    body = text(ann, TILLS, {**DAY, "branch": "BARU"})
    [day] = closing_days(by=make_actor(), since=date(2026, 3, 10), until=date(2026, 3, 10), branch="BARU")

    assert "Differs from the till" in body
    assert "3 receipts missing here" in body
    assert (day.till_receipts, day.till_total, day.receipts, day.total) == (3, 6_000_000, 0, 0)


def test_a_day_leads_to_its_receipts(ann: Client) -> None:
    take(make_message("A-1"), make_message("B-1", branch="BANDUNG"))

    link = text(ann, TILLS, {**DAY, "branch": "SUDIRMAN"}).split('link-plain whitespace-nowrap" href="')[1].split('"')[0]
    body = text(ann, link.replace("&amp;", "&"))

    assert ("A-1" in body, "B-1" in body) == (True, False)


def test_a_closing_is_noted_and_replaced(ann: Client) -> None:
    take(make_message("1"))
    ann.post(TILLS, CLOSING)

    response = ann.post(TILLS, {**CLOSING, "receipts": "1", "total": "25000"})

    closing = TillClosing.objects.get()
    assert response["Location"] == f"{TILLS}?since=2026-03-10&until=2026-03-10"
    assert (closing.receipts, closing.total) == (1, 2_500_000)


@pytest.mark.parametrize("changed", [{"branch": "NOWHERE"}, {"receipts": "-1"}, {"total": ""}, {"currency": "ABC"}])
def test_a_closing_that_cannot_be_read_notes_nothing(ann: Client, changed: dict[str, str]) -> None:
    take(make_message("1"))

    response = ann.post(TILLS, {**CLOSING, **changed})

    assert (response.status_code, TillClosing.objects.count()) == (422, 0)


def test_payments_that_differ_from_their_total_are_listed_with_their_receipts(ann: Client) -> None:
    cash = TenderMessage("cash", Decimal(20_000))
    take(
        make_message("1", tenders=(cash,)),
        make_message("2", tenders=(cash, TenderMessage("card", Decimal(6_000)))),
        make_message("3", tenders=(cash, TenderMessage("card", Decimal(5_000)))),
        make_message("4"),
        make_message("5", tenders=(cash,)),
        make_message("6", kind="void", lines=(), original_number="5"),
    )
    days = "day_from=2026-03-10&day_to=2026-03-10&status=counted&amount=mispaid"
    branch = Branch.objects.get().pk

    shown = text(ann, f"{TILLS}?until=2026-03-10")
    listed = ann.get(f"/commerce/receipts/?branch={branch}&{days}").content.decode()
    [day] = closing_days(by=make_actor(), since=date(2026, 3, 10), until=date(2026, 3, 10))

    assert (day.mispaid, day.unpaid) == (2, 400_000)
    assert "Payments differ from the total" in shown
    assert "Rp\u00a04,000" in shown
    assert f"?branch={branch}&{days}".replace("&", "&amp;") in shown
    assert sorted(one.number for one in list_receipts(by=make_actor(), choice=ReceiptChoice(amount="mispaid")).items) == [
        "1", "2", "5",
    ]  # fmt: skip
    assert all(f"/commerce/receipts/{get_receipt(one).pk}/" in listed for one in "12")
    assert f"/commerce/receipts/{get_receipt('5').pk}/" not in listed


def test_receipts_that_wait_for_a_rate_are_told_and_the_rate_is_noted(ann: Client) -> None:
    take(make_message("1", currency="USD", lines=(make_line(unit_price="10"),)))
    before = text(ann, RATES)

    response = ann.post(RATES, RATE)

    rate = CurrencyRate.objects.get()
    assert "1 receipt in USD of Mar 10, 2026 waits for a rate" in before
    assert (response.status_code, rate.currency, rate.on, rate.rate) == (303, "USD", date(2026, 3, 1), Decimal("16250.5"))
    assert "16,250.5" in text(ann, RATES)


@pytest.mark.parametrize(("language", "typed"), [("en", "16,250.5"), ("id", "16.250,5"), ("id", "Rp 16.250,50")])
def test_a_rate_is_read_as_its_writer_types_numbers(ann: Client, language: str, typed: str) -> None:
    User.objects.update(language=language)

    assert ann.post(RATES, {**RATE, "rate": typed}).status_code == 303
    assert CurrencyRate.objects.get().rate == Decimal("16250.5")


@pytest.mark.parametrize("changed", [{"currency": "IDR"}, {"currency": "ABC"}, {"rate": "0"}, {"on": "someday"}])
def test_a_rate_that_cannot_be_read_notes_nothing(ann: Client, changed: dict[str, str]) -> None:
    response = ann.post(RATES, {**RATE, **changed})

    assert (response.status_code, CurrencyRate.objects.count(), facts_recorded()) == (422, 0, [])


@pytest.mark.parametrize(("role", "closing", "rate"), [("staff", 303, 403), ("analyst", 403, 403), ("readonly", 403, 403)])
def test_who_may_note_what(client: Client, role: str, closing: int, rate: int) -> None:
    take(make_message("1"))
    sign_in(client, role)

    assert client.post(TILLS, CLOSING).status_code == closing
    assert client.post(RATES, RATE).status_code == rate
    assert ("Note a till closing" in text(client, TILLS), "Note a rate" in text(client, RATES)) == (closing == 303, False)


def test_what_was_noted_is_edited_from_its_row_removed_and_brought_back(ann: Client) -> None:
    take(make_message("1"))
    ann.post(TILLS, CLOSING)

    body = text(ann, TILLS, DAY)
    assert "-Rp\u00a035,000" in body
    assert "note=2026-03-10#note" in body
    edit = text(ann, TILLS, {**DAY, "branch": "SUDIRMAN", "currency": "IDR", "note": "2026-03-10"})
    assert ('name="receipts" value="3"' in edit, 'name="total" value="60000' in edit) == (True, True)

    removal = {"_method": "delete", "branch": "SUDIRMAN", "business_on": "2026-03-10", "currency": "IDR"}
    removed = ann.post(TILLS, removal, follow=True).content.decode()
    assert (TillClosing.objects.count(), "figures are not noted" in removed) == (0, True)
    assert ann.post(TILLS, removal).status_code == 404
    undo = re.search(r"/changes/[0-9a-f-]+/undo/", removed)
    assert undo
    ann.post(undo[0])
    assert TillClosing.objects.get().total == 6_000_000
    assert facts_recorded("commerce.till_closing") == ["commerce.till_closing_removed"]


def test_the_form_begins_with_the_day_that_is_shown(ann: Client) -> None:
    take(make_message("1"))

    assert 'name="business_on" value="2026-03-10"' in text(ann, TILLS, DAY)
