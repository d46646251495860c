"""Signing in as people do it: with a phone in Indonesian, by keyboard, with a real passkey."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from akrab.platform.actor import SYSTEM
from akrab.platform.middleware import actor_of
from akrab.platform.models import User
from akrab.platform.operations.second_factors import turn_on_app
from akrab.platform.operations.sign_in_rules import remove_provider, set_provider
from akrab.platform.operations.users import create_user
from akrab.platform.tests.identity_provider import CLIENT, running
from akrab.platform.tests.identity_provider import SECRET as SECRET_OF_CLIENT
from tests.browser.site import PASSWORD, Site

pytestmark = pytest.mark.browser

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_person(site: Site, email: str, *, protected: bool = False, language: str = "en") -> None:
    with site.data():
        fact = create_user(
            by=SYSTEM, email=email, name="Dewi", role="administrator", at=now(), password=PASSWORD, language=language
        )
        if protected:
            then = now() - timedelta(hours=1)
            turn_on_app(by=actor_of(User.objects.get(pk=fact.user_id)), secret=SECRET, code=code(then.timestamp()), at=then)


def code(moment: float) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(moment) // 30)))


def give_password(page: Page, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def plug_in_authenticator(page: Page) -> None:
    """A virtual device of Chromium that knows no passkey yet and always says yes."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_password_and_code_by_keyboard_on_a_phone_in_indonesian(site: Site) -> None:
    make_person(site, "dewi.ponsel@example.com", protected=True, language="id")
    page = site.open("/preferences/", language="id", phone=True, signed_in=False)

    expect(page.get_by_label("Alamat email")).to_be_focused()
    page.keyboard.type("dewi.ponsel@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Satu bukti lagi")).to_be_visible()
    expect(page.get_by_label("Kode")).to_be_focused()
    assert site.axe(page) == []
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kode ini tidak benar.")).to_be_visible()
    expect(page.get_by_label("Kode")).to_be_focused()
    page.keyboard.type(code(now().timestamp()))
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{site.url}/preferences/")


def test_an_app_is_set_up_and_its_codes_are_kept(site: Site) -> None:
    make_person(site, "dewi.app@example.com")
    page = site.open("/security/app/", signed_in=False)
    give_password(page, "dewi.app@example.com")

    secret = page.locator("code.select-all").inner_text().replace(" ", "")
    assert site.axe(page) == []
    page.get_by_label("Code", exact=True).fill(str(format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30))))
    page.get_by_role("button", name="Turn it on").click()
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download").click()

    assert kept.value.suggested_filename == "akrab-recovery-codes.txt"
    assert len(re.findall(r"^\d{8}$", kept.value.path().read_text(), re.MULTILINE)) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 codes are left.")).to_be_visible()


def test_a_passkey_is_made_and_signs_in_alone_and_after_the_password(site: Site) -> None:
    make_person(site, "dewi.kunci@example.com")
    page = site.open("/sign-in/", signed_in=False)
    base = f"http://localhost:{site.port}"
    plug_in_authenticator(page)

    page.goto(f"{base}/sign-in/?next=/security/passkeys/")
    give_password(page, "dewi.kunci@example.com")
    page.get_by_label("Name of this device").fill("Laptop toko")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("list", name="Recovery codes").get_by_role("listitem")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Passkey: Laptop toko")).to_be_visible()
    assert site.axe(page) == []

    page.context.clear_cookies()
    page.goto(f"{base}/sign-in/?next=/security/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This device")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{base}/sign-in/?next=/keys/")
    give_password(page, "dewi.kunci@example.com")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page).to_have_url(f"{base}/keys/")


def test_a_passkey_that_is_not_there_leaves_the_form_usable(site: Site) -> None:
    make_person(site, "dewi.lupa@example.com")
    page = site.open("/sign-in/", signed_in=False)
    plug_in_authenticator(page)
    page.goto(f"http://localhost:{site.port}/sign-in/")

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("No passkey was used.")).to_be_visible()
    give_password(page, "dewi.lupa@example.com")
    expect(page).to_have_url(f"http://localhost:{site.port}/")


@pytest.mark.parametrize("path", ["/invitations/", "/security/again/"])
def test_pages_behind_a_button_are_accessible_on_a_phone(site: Site, path: str) -> None:
    page = site.open(path, language="id", phone=True, dark=True)

    assert site.axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_company_s_provider_lets_in_and_the_answer_passes_itself_on(site: Site) -> None:
    with running() as provider:
        with site.data():
            set_provider(
                by=SYSTEM, name="Toko", address=provider.url, client_id=CLIENT, secret=SECRET_OF_CLIENT,
                domains=["toko.example"], role="staff", at=now(),
            )  # fmt: skip
        page = site.open("/security/", signed_in=False)

        page.get_by_role("link", name="Sign in with Toko").click()

        expect(page).to_have_url(f"{site.url}/security/")
        expect(page.get_by_text("This device")).to_be_visible()
        with site.data():
            remove_provider(by=SYSTEM, at=now())
