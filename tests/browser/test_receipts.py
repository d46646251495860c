"""Receipts in the browser: from the list to the customer by keyboard, on a phone, in the dark, in Indonesian."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from akrab.commerce.models import Receipt
from akrab.commerce.tests.factories import make_line, make_message, take
from tests.browser.site import Site

pytestmark = pytest.mark.browser
LIST = "/commerce/receipts/"


@pytest.fixture
def receipts(site: Site) -> list[str]:
    """Three receipts of a branch: two of Ayu, the latest anonymous; their numbers, newest first."""
    with site.data():
        mark = str(Receipt.objects.count())
        numbers = [f"{name}-{mark}" for name in ("C", "B", "A")]
        sold = now().replace(microsecond=0) - timedelta(hours=1)
        take(
            *(
                make_message(
                    number,
                    occurred_at=sold - timedelta(minutes=age),
                    lines=(make_line(quantity=age + 1),),
                    phone="" if age == 0 else f"0812345670{int(mark) % 100:02}",
                )
                for age, number in enumerate(numbers)
            ),
            at=now(),
        )
    return numbers


def test_from_the_list_to_the_receipt_to_its_customer_by_keyboard(site: Site, receipts: list[str]) -> None:
    page = site.open("/commerce/branches/")

    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page).to_have_url(f"{site.url}{LIST}")
    site.press(page, "j", "j", "Enter")
    expect(page.get_by_role("heading", name=f"Receipt {receipts[1]}", level=1)).to_be_visible()
    site.press(page, "k")
    expect(page.get_by_role("heading", name=f"Receipt {receipts[0]}", level=1)).to_be_visible()
    site.press(page, "j")
    expect(page.get_by_role("heading", name=f"Receipt {receipts[1]}", level=1)).to_be_visible()
    site.press(page, "o")

    expect(page.get_by_role("heading", name="Purchases")).to_be_visible()
    expect(page.get_by_role("link", name="All receipts, every channel")).to_be_visible()


def test_filters_are_the_address_and_go_away_one_by_one(site: Site, receipts: list[str]) -> None:
    page = site.open(LIST)

    page.get_by_placeholder("Receipt number").fill(receipts[2].lower())
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page).to_have_url(f"{site.url}{LIST}?q={receipts[2].lower()}")
    page.reload()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Remove this filter").click()
    expect(page).to_have_url(f"{site.url}{LIST}")
    page.get_by_role("link", name="Return", exact=True).click()

    expect(page.get_by_text(receipts[0])).to_have_count(0)


def test_an_anonymous_receipt_is_claimed_and_says_so(site: Site, receipts: list[str]) -> None:
    page = site.open(LIST)
    page.get_by_role("link", name=receipts[0]).click()

    expect(page.get_by_role("img", name="Claim code as QR")).to_be_visible()
    page.get_by_text("Claim it for a customer").click()
    page.get_by_role("button", name="Claim", exact=True).click()
    expect(page.get_by_text("A claim needs a phone number")).to_be_visible()
    page.get_by_label("Loyalty card").fill(f"K-{receipts[0]}")
    page.get_by_label("Name").fill("Kirana")
    page.get_by_role("button", name="Claim", exact=True).click()

    expect(page.get_by_role("link", name="Kirana")).to_be_visible()
    expect(page.get_by_text("Claimed later")).to_be_visible()


def test_a_receipt_that_comes_in_appears_in_the_open_list(site: Site, receipts: list[str]) -> None:
    page = site.open(LIST)
    expect(page.get_by_role("link", name=receipts[0])).to_be_visible()
    site.wait_until_live(page)

    with site.data():
        take(make_message(f"LIVE-{receipts[0]}", occurred_at=now()), at=now())

    expect(page.get_by_role("link", name=f"LIVE-{receipts[0]}")).to_be_visible()


@pytest.mark.parametrize("path", [LIST, "/commerce/products/", "/commerce/reconciliation/", "/commerce/rates/"])
def test_the_pages_fit_a_phone_in_the_dark_in_indonesian(site: Site, receipts: list[str], path: str) -> None:
    page = site.open(path, phone=True, dark=True, language="id")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert site.axe(page) == []


def test_a_receipt_fits_a_phone(site: Site, receipts: list[str]) -> None:
    page = site.open(LIST, phone=True)
    page.get_by_role("link", name=receipts[0]).click()

    expect(page.get_by_role("heading", name=f"Receipt {receipts[0]}", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert site.axe(page) == []
