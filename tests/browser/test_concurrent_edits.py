"""Two people edit one customer at the same time, each in a browser of their own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from akrab.customers.models import Customer
from akrab.customers.tests.factories import make_customer
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_different_fields_merge_and_the_same_field_is_a_choice(site: Site) -> None:
    with site.data():
        ratna = make_customer("Ratna Dua Peramban", city="Bandung")
    address = f"/customers/{ratna.pk}/edit/"
    ann, mia = site.open(address), site.open(address, role="manager")

    mia.get_by_label("City").fill("Bogor")
    mia.get_by_role("button", name="Save").click()
    expect(mia.get_by_role("heading", name="Ratna Dua Peramban")).to_be_visible()
    ann.get_by_label("Address").fill("Jalan Mawar 1")
    ann.get_by_label("City").fill("Depok")
    ann.get_by_role("button", name="Save").click()

    choice = ann.get_by_role("group", name="City")
    expect(choice.get_by_label("Yours Depok")).to_be_checked()
    expect(choice.get_by_label("Before Bandung")).to_be_visible()
    expect(ann.get_by_role("group", name="Address")).to_have_count(0)
    assert site.axe(ann) == []
    choice.get_by_label("Theirs Bogor").check()
    ann.get_by_role("button", name="Save").click()
    expect(ann.get_by_role("heading", name="Ratna Dua Peramban")).to_be_visible()

    with site.data():
        kept = Customer.objects.get(pk=ratna.pk)
    assert (kept.city, kept.address) == ("Bogor", "Jalan Mawar 1")
