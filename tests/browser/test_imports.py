"""An import in the browser: upload, columns, a check that names problems, the import with its progress, the error file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from akrab.platform.importing.progress import Progress
from akrab.platform.models import Import
from tests.browser.site import Site

pytestmark = pytest.mark.browser
SALES = """Nomor;Tanggal;Kode;Banyak;Harga
{0}1;2026-03-01 10:00;KOPI;2;18000
{0}1;2026-03-01 10:00;ROTI;satu;15000
{0}2;2026-03-01 11:30;TEH;1;12000
{0}3;kemarin;TEH;1;12000
"""
COLUMNS = {
    "Nomor": "Receipt number", "Tanggal": "Date", "Kode": "SKU", "Banyak": "Quantity", "Harga": "Unit price",
}  # fmt: skip


@pytest.fixture
def sales(tmp_path: Path, site: Site) -> Path:
    with site.data():
        mark = f"R{Import.objects.count()}-"
    path = tmp_path / f"sales-{mark}.csv"
    path.write_text(SALES.format(mark))
    return path


def upload(page: Page, path: Path, button: str) -> None:
    page.locator('input[type="file"]').set_input_files(path)
    page.get_by_role("button", name=button).press("Enter")
    expect(page.locator("#plan")).to_be_visible()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_from_the_file_to_the_result_by_keyboard(site: Site, sales: Path) -> None:
    page = site.open("/imports/")
    upload(page, sales, "Upload and look")
    for column, field in COLUMNS.items():
        page.get_by_label(column, exact=True).select_option(label=field)
    page.get_by_label("Branch, when no column says it").focus()
    if page.get_by_text("Not in the list").count():
        page.get_by_text("Not in the list").press("Enter")
    page.locator('[name="new.branch"], input[name="setting.branch"]').first.fill("kemang")
    expect(page.get_by_label("Currency, when no column says it")).to_have_value("IDR")
    expect(page.get_by_label("Time zone of new branches")).not_to_be_visible()
    page.get_by_text("Advanced").press("Enter")
    expect(page.get_by_label("Time zone of new branches")).to_be_visible()
    assert site.axe(page) == []

    page.get_by_role("button", name="Check all rows").press("Enter")
    expect(page.get_by_text("Waiting for the worker.")).to_be_visible()
    site.work()
    expect(page.get_by_text("Checked: nothing was kept.")).to_be_visible()
    for problem in ("3 Banyak “satu” is not a number.", "5 Tanggal “kemarin” is not a date."):
        expect(page.get_by_role("row", name=problem)).to_be_visible()
    expect(page.get_by_role("row", name="2 – Left out with its receipt, because row 3 of it cannot be read.")).to_be_visible()
    assert site.axe(page) == []

    page.get_by_role("button", name="Start the import").press("Enter")
    expect(page.get_by_text("Waiting for the worker.")).to_be_visible()
    site.work()
    expect(page.get_by_text("The import is done.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rows with errors").first.press("Enter")
    lines = download.value.path().read_text("utf-8").splitlines()
    head, *given = sales.read_text("utf-8").splitlines()
    sign = ";" if ";" in head else ","
    assert lines[0] == f"{head}{sign}Reason"
    assert [line.rpartition(sign)[0] for line in lines[1:2]] == [given[0]]
    assert "Banyak: “satu” is not a number." in lines[2]


def test_a_running_import_shows_how_far_it_is_without_a_reload(site: Site, sales: Path) -> None:
    with site.data():
        run = Import.objects.create(
            kind="receipts", file_name=sales.name, file_path=str(sales), status="running", by_id="1", by_label="Ann"
        )
    with site.data(), Progress(run.pk) as progress:
        page = site.open(f"/imports/{run.pk}/")
        site.wait_until_live(page)
        expect(page.get_by_text("You can leave this page; the work goes on.")).to_be_visible()
        progress.stage, progress.total, progress.done = "taking", 400, 100
        progress.tick(force=True)
        expect(page.get_by_text("100 / 400")).to_be_visible()
        progress.done = 300
        progress.tick(force=True)
        expect(page.get_by_text("300 / 400")).to_be_visible()

    expect(page.get_by_text("The import stopped before its end.")).to_be_visible()
    page.get_by_role("button", name="Run it again").click()
    expect(page.get_by_text("Waiting for the worker.")).to_be_visible()


def test_the_whole_way_fits_a_phone_in_the_dark_in_indonesian(site: Site, sales: Path) -> None:
    page = site.open("/imports/", phone=True, dark=True, language="id")
    assert (fits(page), site.axe(page)) == (True, [])
    upload(page, sales, "Unggah dan lihat")
    page.get_by_label("Banyak", exact=True).select_option(label="Kuantitas")
    if page.get_by_text("Tidak ada dalam daftar").count():
        page.get_by_text("Tidak ada dalam daftar").tap()
    page.locator('[name="new.branch"], input[name="setting.branch"]').first.fill("depok")
    page.get_by_text("Lanjutan").tap()
    assert (fits(page), site.axe(page)) == (True, [])

    page.get_by_role("button", name="Periksa semua baris").tap()
    expect(page.get_by_text("Menunggu pekerja.")).to_be_visible()
    site.work()

    expect(page.get_by_role("row", name="“satu” bukan angka.")).to_be_visible()
    assert (fits(page), site.axe(page)) == (True, [])
