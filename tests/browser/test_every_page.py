"""Every page that the rail leads to, and the first record behind each list, in both languages, themes and sizes."""

from __future__ import annotations

import pytest

from tests.browser.site import Site

pytestmark = pytest.mark.browser

RAIL = "nodes => nodes.map(node => node.pathname)"
FIRST_RECORD = "() => document.querySelector('[data-row] a[href]')?.pathname ?? null"
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def paths(demo_site: Site) -> list[str]:
    """The pages of the rail, then one record of each list."""
    page = demo_site.open("/")
    found = list(page.locator(".rail a[href]").evaluate_all(RAIL))
    for path in list(found):
        page.goto(path, wait_until="domcontentloaded")
        if record := page.evaluate(FIRST_RECORD):
            found.append(record)
    demo_site.close_pages()
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(("language", "dark", "phone"), [("en", False, False), ("id", True, True)])
def test_every_page_is_accessible_fits_and_runs_without_errors(
    demo_site: Site, paths: list[str], language: str, dark: bool, phone: bool
) -> None:
    page = demo_site.open(paths[0], language=language, dark=dark, phone=phone)
    faults: dict[str, list[str]] = {}
    for path in paths:
        answer = page.goto(path)
        demo_site.wait_until_quiet(page)
        found = demo_site.axe(page)
        if answer is None or answer.status != 200:
            found.append(f"status {answer.status if answer else '?'}")
        if page.evaluate(TOO_WIDE):
            found.append("wider than the window")
        if found:
            faults[path] = found

    assert len(paths) >= 10
    assert faults == {}
    assert demo_site.close_pages() == []
