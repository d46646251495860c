"""Duplicates as people settle them: by key, side by side, merged and taken back."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect

from akrab.customers.models import Customer
from akrab.customers.operations.deduplicating import note_duplicates
from akrab.customers.queries.likely import likely_pairs
from akrab.customers.tables.identity import Merge
from akrab.customers.tests.factories import make_customer
from akrab.platform.tests.factories import make_actor
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def shot(page: Page, name: str) -> None:
    """A picture for whoever asks for one."""
    if folder := os.environ.get("AKRAB_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_pair_is_kept_apart_and_another_merged_by_key_and_undone(site: Site) -> None:
    born, ann = date(1988, 5, 6), make_actor("manager")
    with site.data():
        make_customer("Yohana Tampubolon", city="Medan", born_on=born, phone="+62811000111")
        make_customer("Tampubolon Yohana", city="Medan", born_on=born, email="yohana@example.com", address="Jl. Merdeka 1")
        make_customer("Wening Prasetyo", born_on=born)
        make_customer("Prasetyo Wening", born_on=born)
        note_duplicates(by=ann, likely=likely_pairs(by=ann), at=datetime.now(UTC))
    page = site.open("/customers/duplicates/")
    shot(page, "duplicates")
    assert site.axe(page) == []

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("n")
    expect(page.get_by_text("Kept apart.")).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(1)
    site.press(page, "m")
    expect(page.get_by_role("heading", name="Merge customers")).to_be_visible()
    shot(page, "merge")
    assert site.axe(page) == []
    site.press(page, "m")
    expect(page.get_by_text("No duplicates")).to_be_visible()
    with site.data():
        assert Customer.objects.filter(merged_into__isnull=False, born_on=born).count() == 1
        survivor = Customer.objects.get(display_name__contains="Tampubolon", trashed_at=None)
        merge = Merge.objects.get(survivor=survivor).pk

    page = site.open(f"/customers/merges/{merge}/", phone=True)
    shot(page, "merged-phone")
    assert site.axe(page) == []
    page.get_by_role("button", name="Undo this merge").click()
    expect(page.get_by_text("This merge was undone.")).to_be_visible()
    for address, name in (("/customers/duplicates/", "duplicates-phone"), ("/customers/duplicates/rules/", "rules-phone")):
        page = site.open(address, phone=True)
        shot(page, name)
        assert site.axe(page) == []
    with site.data():
        ids = list(Customer.objects.filter(display_name__contains="Tampubolon").values_list("pk", flat=True))
    page = site.open(f"/customers/merge/?id={ids[0]}&id={ids[1]}", phone=True)
    shot(page, "merge-phone")
