"""The insight pages, driven as people drive them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_a_segment_leads_by_keyboard_to_its_customers(demo_site: Site) -> None:
    page = demo_site.open("/insight/")
    frame = page.locator("[data-chart-frame]").filter(has=page.get_by_role("heading", name="RFM segments"))

    frame.get_by_role("button", name="Show as table").focus()
    page.keyboard.press("Enter")
    link = frame.locator("td").get_by_role("link").first
    expected = link.inner_text().replace(",", "")
    link.focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/customers/\?segment=\w+"))
    expect(page.locator("#customer-list tbody tr")).to_have_count(int(expected))
    assert demo_site.close_pages() == []


def test_charts_are_drawn_and_every_one_has_a_file(demo_site: Site) -> None:
    page = demo_site.open("/insight/")

    expect(page.locator("[data-chart]:has(canvas)")).to_have_count(page.locator("[data-chart]").count())
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").first.click()

    assert download.value.suggested_filename.startswith("revenue-")
    assert demo_site.close_pages() == []


def test_the_whole_column_of_a_chart_leads_on_not_its_mark_alone(demo_site: Site) -> None:
    page = demo_site.open("/insight/")
    frame = page.locator("[data-chart-frame]").filter(has=page.get_by_role("heading", name="Revenue", exact=True))
    chart = frame.locator("[data-chart]")
    expect(chart.locator("canvas")).to_be_visible()
    table = frame.locator("td a").evaluate_all("links => links.map((one) => one.getAttribute('href'))")

    box = chart.bounding_box()
    assert box
    chart.click(position={"x": box["width"] / 2, "y": box["height"] - 40})

    expect(page).to_have_url(re.compile(r"/commerce/receipts/\?"))
    assert page.url.removeprefix(demo_site.url) in table


def test_before_any_figures_the_page_has_one_button_that_asks_for_them(site: Site) -> None:
    page = site.open("/insight/", language="id")

    page.get_by_role("button", name="Buat sekarang").click()

    expect(page.get_by_text("Angka sedang diperbarui")).to_be_visible()


def test_figures_that_arrive_anew_keep_the_table_its_reader_chose(demo_site: Site) -> None:
    page = demo_site.open("/insight/")
    frame = page.locator("[data-chart-frame]").filter(has=page.get_by_role("heading", name="RFM segments"))
    frame.get_by_role("button", name="Show as table").click()
    demo_site.wait_until_live(page)

    page.evaluate("document.getElementById('main').firstElementChild.dataset.old = 'yes'")
    demo_site.akrab("insight", "refresh", "--json")
    expect(page.locator("[data-old]")).to_have_count(0)

    expect(frame.locator("td").get_by_role("link").first).to_be_visible()
    assert demo_site.close_pages() == []


def test_a_page_whose_figures_are_not_older_is_left_as_it_is(demo_site: Site) -> None:
    page = demo_site.open("/insight/")
    demo_site.wait_until_live(page)
    page.evaluate("document.getElementById('main').firstElementChild.dataset.old = 'yes'")

    with page.expect_response(lambda response: response.status == 304):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('live.resumed'))")

    expect(page.locator("[data-old]")).to_have_count(1)
    assert demo_site.close_pages() == []
