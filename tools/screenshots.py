"""Takes the pictures of the README from the demo company: a home of its own, the real server, the real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from akrab.platform.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
HOME = ROOT / ".cache" / "pictures"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
LINK = re.compile(r"(http://\S+/sign-in/\S+)")
START_SECONDS = 400
ADDRESSES = {"today": "/", "list": "/customers/?sort=-spend", "insight": "/insight/", "upload": "/imports/"}


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [str(Path(sys.executable).parent / "akrab"), "up", "--demo", "--port", str(port)]
    with subprocess.Popen(
        command, env={**os.environ, "AKRAB_HOME": str(HOME)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            take_all(wait_for_link(server))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)
    return 0


def wait_for_link(server: subprocess.Popen[str]) -> str:
    """The one-time link that the server prints when it is ready."""
    deadline = time.monotonic() + START_SECONDS
    for line in server.stdout or ():
        found = LINK.search(line)
        if found:
            return found.group(1)
        if time.monotonic() > deadline:
            break
    raise SystemExit("The server did not print a sign-in link.")


def take_all(link: str) -> None:
    base = link.split("/sign-in/")[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
        page.goto(link)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("navigation").first.wait_for()
        shots(page, base)
        phone(browser, page, base)
        browser.close()


def shots(page: Page, base: str) -> None:
    for name, path in ADDRESSES.items():
        take(page, base + path, name)
    page.goto(f"{base}/customers/?sort=-purchases")
    page.locator("[data-row] a[data-open]").first.click()
    settle(page)
    page.screenshot(path=PICTURES / "profile.png")


def phone(browser: Browser, page: Page, base: str) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme="dark", storage_state=page.context.storage_state())  # type: ignore[arg-type]
    small = context.new_page()
    take(small, f"{base}/customers/", "phone")
    context.close()


def take(page: Page, address: str, name: str) -> None:
    answer = page.goto(address)
    if answer is None or not answer.ok:
        raise SystemExit(f"{address} is no page.")
    settle(page)
    page.screenshot(path=PICTURES / f"{name}.png")


def settle(page: Page) -> None:
    """Panels and charts load by link; live events keep the network busy, so time decides."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(2500)


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise SystemExit("No Chromium: install it with your system's package manager.")


if __name__ == "__main__":
    raise SystemExit(main())
