"""Lists as people use them: choose rows by key, change them all, take it back, keep what is shown as a view."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect

from akrab.customers.models import Customer
from akrab.customers.tests.factories import make_customer
from akrab.platform.tests.test_custom_fields import define
from tests.browser.site import PHONE, Site

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


def test_conditions_are_built_by_clicking_in_the_dialog_of_the_list(site: Site) -> None:
    with site.data():
        define("Shirt size", "number")
        make_customer("Yohana Besar", city="Ruteng", phone="+6281299100010", custom={"shirt_size": 44})
        make_customer("Yohana Kecil", city="Ruteng", phone="+6281299100020", custom={"shirt_size": 36})
        make_customer("Yohana Jauh", city="Bajawa", phone="+6281299100030", custom={"shirt_size": 46})
    for phone in (False, True):
        build_conditions(site, site.open("/customers/?q=Yohana", phone=phone))


def build_conditions(site: Site, page: Page) -> None:
    """City and a field of the company's own, one after the other, until one of three customers is left."""
    page.get_by_role("link", name="Add conditions").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Field").select_option(label="City")
    dialog.get_by_label("Value").fill("Ruteng")
    dialog.get_by_role("button", name="Add the condition").click()
    expect(dialog.get_by_text("City is Ruteng")).to_be_visible()
    dialog.get_by_label("Field").select_option(label="Spend")
    expect(dialog.get_by_label("Condition", exact=True)).to_contain_text("at least")
    dialog.get_by_label("Field").select_option(label="Shirt size")
    site.wait_until_quiet(page)
    dialog.get_by_role("button", name="Add the condition").click()
    expect(dialog.get_by_text("A condition needs a value.")).to_be_visible()
    dialog.get_by_label("Value").fill("40")
    shot(page, f"conditions-{(page.viewport_size or PHONE)['width']}")
    assert site.axe(page) == []
    dialog.get_by_role("button", name="Add the condition").click()
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    dialog.get_by_role("link", name="Show the list").click()

    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("Yohana Besar")


def test_conditions_are_built_without_scripts(site: Site) -> None:
    with site.data():
        make_customer("Wilhelmina Dekat", city="Soe", phone="+6281299200010", stage="loyal")
        make_customer("Wilhelmina Jauh", city="Atambua", phone="+6281299200020", stage="loyal")
    page = site.open("/customers/filter/?where=stage:is:loyal", scripts=False)

    page.get_by_label("Field").select_option(label="Name")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Field").select_option(label="City")
    page.get_by_role("button", name="Take this field").click()
    page.get_by_label("Value").fill("Soe")
    page.get_by_role("button", name="Add the condition").click()
    page.get_by_role("link", name="Show the list").click()

    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("Wilhelmina Dekat")
