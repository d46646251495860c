"""The frame around every page, driven as people drive it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.site import PASSWORD, Site

pytestmark = pytest.mark.browser

SHELL_PAGES = ["/preferences/", "/users/", "/users/new/", "/keys/", "/nowhere/"]


def test_a_person_signs_in_with_a_password_and_lands_where_they_wanted_to_go(site: Site) -> None:
    with site.data():
        person = site.person("administrator")
    page = site.open("/keys/", signed_in=False)

    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{site.url}/keys/")
    expect(page.get_by_role("heading", name="API keys", level=1)).to_be_visible()


def test_a_wrong_password_keeps_the_address_and_says_why(site: Site) -> None:
    page = site.open("/sign-in/", signed_in=False)

    page.get_by_label("E-mail address").fill("nobody@example.com")
    page.get_by_label("Password").fill("not-the-password")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_contain_text("not right")
    expect(page.get_by_label("E-mail address")).to_have_value("nobody@example.com")


def test_signing_in_works_without_scripts(site: Site) -> None:
    with site.data():
        person = site.person("administrator")
    page = site.open("/sign-in/?next=/preferences/", signed_in=False, scripts=False)

    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Preferences")).to_be_visible()


def test_the_palette_opens_by_keyboard_filters_and_goes(site: Site) -> None:
    page = site.open("/preferences/")

    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type("api k")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{site.url}/keys/")


def test_the_palette_says_when_nothing_fits_and_closes_at_the_first_escape(site: Site) -> None:
    page = site.open("/preferences/")

    page.keyboard.press("Control+k")
    page.keyboard.type("qqqzzz")
    expect(page.get_by_text("Nothing fits these words.")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#palette")).not_to_be_visible()


def test_letters_go_to_pages_and_the_question_mark_lists_them(site: Site) -> None:
    page = site.open("/preferences/")
    page.locator("main").focus()

    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_text("Search")).to_have_count(1)
    expect(sheet.get_by_text("/", exact=True)).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("u")

    expect(page).to_have_url(f"{site.url}/users/")


def test_rows_are_walked_and_opened_by_keyboard(site: Site) -> None:
    page = site.open("/users/")

    page.keyboard.press("j")
    expect(page.locator('[data-row][aria-selected="true"]')).to_have_count(1)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Sign-in link")).to_be_visible()


def test_a_dialog_gives_the_focus_back(site: Site) -> None:
    page = site.open("/users/")
    opener = page.get_by_role("main").get_by_role("link", name="New user")

    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("E-mail address")).to_be_focused()
    page.keyboard.press("Escape")

    expect(opener).to_be_focused()


def test_theme_changes_at_once_and_is_kept(site: Site) -> None:
    page = site.open("/preferences/", role="manager")

    page.get_by_label("Your account").click()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_language_is_chosen_in_the_person_menu(site: Site) -> None:
    page = site.open("/preferences/", role="staff")

    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Bahasa Indonesia").click()

    expect(page.get_by_role("heading", name="Preferensi", level=1)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_a_new_key_is_shown_once(site: Site) -> None:
    page = site.open("/keys/")

    page.get_by_label("What is it for?").fill("Till at Kemang")
    page.get_by_label("Read and record receipts and products").check()
    page.get_by_role("button", name="Make the key").click()

    expect(page.get_by_text("akrab_").first).to_be_visible()
    page.goto("/keys/")
    expect(page.locator("code", has_text="akrab_").first).to_contain_text("…")


def test_someone_without_the_right_is_told_who_can_grant_it(site: Site) -> None:
    page = site.open("/users/", role="readonly")

    expect(page.get_by_role("heading", level=1)).to_have_text("You may not do this")
    expect(page.locator("[data-problem]")).to_contain_text("administrator can grant it")


@pytest.mark.parametrize(("language", "dark", "phone"), [("en", False, False), ("id", True, True)])
def test_pages_have_no_serious_accessibility_violation(site: Site, language: str, dark: bool, phone: bool) -> None:
    page = site.open("/preferences/", language=language, dark=dark, phone=phone)
    found = {}
    for path in SHELL_PAGES:
        page.goto(path)
        found[path] = site.axe(page)

    assert found == {path: [] for path in SHELL_PAGES}


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_no_page_is_wider_than_its_window(site: Site, phone: bool) -> None:
    page = site.open("/preferences/", phone=phone)
    for path in SHELL_PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_first_visit_weighs_little(site: Site) -> None:
    page = site.open("/sign-in/", signed_in=False)
    weights = page.evaluate(
        "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
        ".map(one => [one.name, one.transferSize])"
    )

    assert all(name.startswith(site.url) for name, _size in weights)
    assert sum(size for _name, size in weights) <= 150_000


def test_a_phone_shows_no_keys_that_it_does_not_have(site: Site) -> None:
    expect(site.open("/preferences/").get_by_text("Ctrl K", exact=True).first).to_be_visible()
    expect(site.open("/preferences/", phone=True).locator(".top-bar").get_by_text("Ctrl K")).to_be_hidden()
