"""Customers, driven as people drive them: by keyboard, on a phone, in the dark, in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from akrab.customers.models import Customer
from akrab.customers.tests.factories import make_customer
from akrab.platform.tests.factories import NOON
from tests.browser.site import Site

pytestmark = pytest.mark.browser

NAMES = ["Wulan Kartika", "Wulan Maharani", "Wulan Pratiwi"]


@pytest.fixture
def people(site: Site) -> list[Customer]:
    """Three customers of one first name, the same in every test of this file."""
    with site.data():
        known = list(Customer.objects.filter(display_name__in=NAMES).order_by("name_key"))
        return known or [
            make_customer(
                name,
                city="Bandung",
                phone=f"+62812000000{number}0",
                stage="loyal",
                purchase_count=3,
                spend=100_000_00,
                spend_currency="IDR",
                last_purchase_at=NOON,
            )
            for number, name in enumerate(NAMES)
        ]


def test_a_refused_identifier_is_told_why_and_nothing_of_the_edit_before_stays(site: Site) -> None:
    with site.data():
        ratna = make_customer("Ratna Sewu", city="Tuban", phone="+6281200009990")
    page = site.open(f"/customers/{ratna.pk}/edit/")
    page.get_by_label("City").fill("Lamongan")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-toast]")).to_contain_text("Saved.")

    page.get_by_text("Add an identifier").click()
    page.get_by_label("Value").fill("0812")
    page.get_by_role("region", name="Identifiers").get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_text("“0812” is not a whole phone number.")).to_be_visible()
    expect(page.locator("[data-toast]")).to_have_count(0)

    page.get_by_role("button", name="Remove +6281200009990").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Nothing points to this customer yet")).to_be_visible()


def test_typing_narrows_the_list_and_the_address_keeps_it(site: Site, people: list[Customer]) -> None:
    page = site.open("/customers/")

    page.keyboard.press("f")
    page.keyboard.type("wulan mah")

    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.get_by_role("searchbox", name="Search customers")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/customers/\?q=wulan(\+|%20)mah$"))
    page.reload()
    expect(page.get_by_role("link", name="Wulan Maharani")).to_be_visible()


def test_a_typo_is_forgiven_and_told(site: Site, people: list[Customer]) -> None:
    page = site.open("/customers/?q=wulna")

    expect(page.locator("[data-row]")).to_have_count(3)
    expect(page.get_by_text("wulan instead of wulna")).to_be_visible()


def test_from_the_list_to_a_profile_to_the_next_to_an_edit_without_a_mouse(site: Site, people: list[Customer]) -> None:
    page = site.open("/customers/?q=wulan")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=NAMES[0], level=1)).to_be_visible()
    site.press(page, "j")
    expect(page.get_by_role("heading", name=NAMES[1], level=1)).to_be_visible()
    site.press(page, "e")
    page.wait_for_url("**/edit/")
    page.get_by_label("Honorific").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Ibu")
    page.keyboard.press("Control+Enter")

    expect(page).to_have_url(f"{site.url}/customers/{people[1].pk}/")
    expect(page.get_by_text("Ibu", exact=True)).to_be_visible()
    expect(page.get_by_text("Honorific was changed").first).to_be_visible()


def test_the_way_back_leads_to_the_list_as_it_was(site: Site, people: list[Customer]) -> None:
    page = site.open("/customers/?q=wulan&sort=-registered")
    page.locator("[data-row] a[data-open]").first.click()
    page.locator("a[data-back-to-list]").click()

    expect(page).to_have_url(f"{site.url}/customers/?q=wulan&sort=-registered")


def test_a_new_customer_whose_phone_is_known_is_shown_before_it_is_saved(site: Site, people: list[Customer]) -> None:
    page = site.open("/customers/new/")

    page.get_by_role("textbox", name="Phone").fill("0812 0000 0000")
    page.keyboard.press("Tab")

    expect(page.get_by_text("Perhaps already known")).to_be_visible()
    expect(page.get_by_role("link", name=NAMES[0])).to_be_visible()


def test_panels_arrive_and_an_identifier_is_added_and_removed_in_place(site: Site, people: list[Customer]) -> None:
    page = site.open(f"/customers/{people[2].pk}/")
    panel = page.get_by_role("region", name="Identifiers")

    panel.get_by_text("Add an identifier").click()
    panel.get_by_label("Kind").select_option("card")
    panel.get_by_label("Value").fill("KARTU-77")
    panel.get_by_role("button", name="Add").click()
    expect(panel.get_by_text("KARTU-77")).to_be_visible()
    panel.get_by_role("button", name="Remove KARTU-77").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()

    expect(panel.get_by_text("KARTU-77")).to_have_count(0)


def test_search_works_without_scripts(site: Site, people: list[Customer]) -> None:
    page = site.open("/customers/", scripts=False)

    page.get_by_role("searchbox", name="Search customers").fill("wulan prat")
    page.keyboard.press("Enter")

    expect(page.locator("[data-row]")).to_have_count(1)


@pytest.mark.parametrize(("phone", "dark", "language"), [(False, False, "en"), (True, True, "id")])
def test_pages_beside_the_rail_are_accessible_and_fit(
    site: Site, people: list[Customer], phone: bool, dark: bool, language: str
) -> None:
    page = site.open("/customers/?q=wulna", phone=phone, dark=dark, language=language)
    faults = {}
    for path in ("/customers/?q=wulna", "/customers/new/", f"/customers/{people[2].pk}/edit/"):
        page.goto(path)
        site.wait_until_quiet(page)
        faults[path] = site.axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path

    assert faults == {path: [] for path in faults}


def test_a_new_value_chooses_what_it_changes_and_a_withdrawn_consent_is_asked_about(site: Site, people: list[Customer]) -> None:
    page = site.open("/customers/?q=wulan")
    page.locator("[data-pick]").first.check()
    page.get_by_role("button", name="Change…").click()
    page.get_by_label("New value of City").fill("Solo")
    expect(page.get_by_role("radio", name="City")).to_be_checked()

    page = site.open(f"/customers/{people[0].pk}/")
    page.get_by_role("link", name="record consent").first.click()
    expect(page.get_by_label("Purpose", exact=True)).to_be_focused()
    expect(page.get_by_label("Purpose", exact=True)).to_be_in_viewport()
    page.get_by_role("button", name=": withdraw").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Nobody may use it from now on")
