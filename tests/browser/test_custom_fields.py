"""A company's own field, from the settings to the list: made, filled in, shown, sorted by."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from akrab.customers.models import Customer
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_a_field_is_made_filled_in_and_listed(site: Site) -> None:
    page = site.open("/fields/customers.customer/new/", role="administrator")

    page.get_by_role("link", name="Choice", exact=True).click()
    page.get_by_label("Name", exact=True).fill("Club rank")
    page.get_by_label("Choices").fill("Gold | Emas\nSilver | Perak")
    assert site.axe(page) == []
    page.get_by_role("button", name="Add the field").click()
    expect(page.get_by_role("link", name="Club rank")).to_be_visible()

    page.goto(f"{site.url}/customers/new/")
    page.get_by_label("Name", exact=True).fill("Kirana Bercap")
    page.get_by_label("Club rank").select_option("Silver")
    page.get_by_role("button", name="Add customer").click()
    expect(page.locator("dd", has_text="Silver")).to_be_visible()

    page.goto(f"{site.url}/customers/?columns=custom.club_rank&where=custom.club_rank:is:silver")
    page.get_by_role("link", name="Club rank").click()
    expect(page.get_by_role("columnheader", name="Club rank")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert site.axe(page) == []
    with site.data():
        assert Customer.objects.get(display_name="Kirana Bercap").custom == {"club_rank": "silver"}
