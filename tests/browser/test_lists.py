"""Lists as people use them: choose rows by key, change them all, take it back, keep what is shown as a view."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect

from akrab.customers.models import Customer
from akrab.customers.tests.factories import make_customer
from tests.browser.site import Site

pytestmark = pytest.mark.browser
NAMES = ["Zainal Pertama", "Zainal Kedua", "Zainal Ketiga"]


def shot(page: Page, name: str) -> None:
    """A picture for whoever asks for one."""
    if folder := os.environ.get("LIST_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_rows_are_chosen_by_key_changed_together_undone_and_kept_as_a_view(site: Site) -> None:
    with site.data():
        for number, name in enumerate(NAMES):
            make_customer(name, city="Kupang", phone=f"+62812990000{number}0", stage="loyal")
    page = site.open("/customers/?city=Kupang")

    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("1 chosen")).to_be_hidden()
    boxes = page.locator("[data-pick]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.get_by_text("3 chosen")).to_be_visible()
    shot(page, "list-chosen")
    assert site.axe(page) == []

    page.get_by_role("button", name="Change…").click()
    shot(page, "bulk")
    page.get_by_role("radio", name="City").check()
    page.get_by_role("textbox", name="New value of City").fill("Ende")
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_role("button", name="Change 3 customers").click()
    expect(page.get_by_text("3 customers changed.")).to_be_visible()
    with site.data():
        assert Customer.objects.filter(city="Ende").count() == 3
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-row]")).to_have_count(3)

    page.get_by_role("link", name="Save as a view").click()
    page.get_by_role("textbox", name="Name").fill("Kupang")
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_role("link", name="Kupang", exact=True)).to_have_attribute("aria-current", "page")
    shot(page, "list-view")
    page.set_viewport_size({"width": 390, "height": 844})
    shot(page, "list-phone")
