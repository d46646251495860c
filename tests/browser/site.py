"""The real server on a database of its own, and pages opened in it as any person, size, theme and language."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils.timezone import now
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect
from pytest_django.plugin import DjangoDbBlocker

from akrab.platform.actor import SYSTEM
from akrab.platform.models import User
from akrab.platform.operations.users import create_user
from akrab.platform.ports import free_port
from akrab.platform.tests import databases
from akrab.platform.tests.plugin import forget_partitions

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PASSWORD = "kopi-susu-gula-aren"
AXE = [
    databases.ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js",
    Path(sys.prefix)
    / "lib"
    / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    / "site-packages"
    / "axe_playwright_python"
    / "axe.min.js",
]
PATIENCE = 30_000
"""Milliseconds; a busy machine is slow, and only a test that fails waits for all of them."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
expect.set_options(timeout=PATIENCE)
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of (4\d\d|500)")


class Site:
    """A running Akrab: `open()` a page in it, make `data()` for it, `work()` off its queue."""

    def __init__(self, database: str, blocker: DjangoDbBlocker, browser: Browser, home: Path) -> None:
        self.database, self.blocker, self.browser, self.home = database, blocker, browser, home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.contexts: list[BrowserContext] = []
        self.problems: list[str] = []
        self.log = home / "browser-server.log"
        self.server = self._start()

    @property
    def environment(self) -> dict[str, str]:
        address = databases.CLUSTER.url(self.database)
        return {**os.environ, "AKRAB_HOME": str(self.home), "AKRAB_DATABASE_URL": address, "AKRAB_STRICT": "1"}

    @contextmanager
    def data(self) -> Iterator[None]:
        """Code inside works on the site's database, for real: what it does is committed."""
        parts = connection.settings_dict
        usual = parts["NAME"]
        with self.blocker.unblock():
            connection.close()
            parts["NAME"] = self.database
            forget_partitions()
            try:
                yield
            finally:
                connection.close()
                parts["NAME"] = usual
                forget_partitions()

    def person(self, role: str = "administrator", **preferences: Any) -> User:
        """Someone with this role and these preferences; the same wish finds the same person."""
        look = "-".join(f"{name}-{value}" for name, value in sorted(preferences.items()))
        email = re.sub(r"[^a-z0-9-]", "-", f"{role}-{look}".lower().rstrip("-")) + "@example.com"
        user = User.objects.filter(email=email).first()
        if user is None:
            fact = create_user(by=SYSTEM, email=email, name=role.title(), role=role, at=now(), password=PASSWORD)
            User.objects.filter(pk=fact.user_id).update(**preferences)
            user = User.objects.get(pk=fact.user_id)
        return user

    def open(
        self,
        path: str,
        *,
        role: str = "administrator",
        language: str = "en",
        phone: bool = False,
        dark: bool = False,
        signed_in: bool = True,
        scripts: bool = True,
    ) -> Page:
        """A page of the site in a fresh browser profile; its console errors fail the test."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            locale="id-ID" if language == "id" else "en-US",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        self.contexts.append(context)
        if signed_in:
            session = self._session(role, language)
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(path)
        return page

    def press(self, page: Page, *keys: str) -> None:
        """Press keys when the page that is there listens to them; one that a key led to is seen before it listens."""
        page.wait_for_load_state("load")
        for key in keys:
            page.keyboard.press(key)

    def wait_until_live(self, page: Page) -> None:
        """Until the page hears of what happens."""
        expect(page.locator("html")).to_have_attribute("data-live-state", "open")

    def work(self) -> None:
        """Do the jobs that wait in the queue."""
        self._run(sys.executable, "manage.py", "procrastinate", "worker", "--one-shot")

    def akrab(self, *words: str) -> None:
        """Run the command line on the site's home and database."""
        self._run(sys.executable, "-c", "from akrab.cli.main import app; app()", *words)

    def _run(self, *command: str) -> None:
        run = subprocess.run(
            command, cwd=databases.ROOT, env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert run.returncode == 0, run.stderr[-3000:]

    def axe(self, page: Page) -> list[str]:
        """Serious accessibility violations of the page as it stands."""
        script = next(file for file in AXE if file.exists())
        page.evaluate(script.read_text())
        found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
        return [
            f"{one['id']}: {node['html'][:160]} ({node['any'][0]['message'] if node['any'] else one['help']})"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]

    def wait_until_quiet(self, page: Page) -> None:
        """Until the parts that load by themselves are there."""
        page.wait_for_load_state("load")
        expect(page.locator(".shade")).to_have_count(0)
        expect(page.locator(".htmx-request")).to_have_count(0)

    def close_pages(self) -> list[str]:
        """Close what a test opened and tell what went wrong in it."""
        while self.contexts:
            self.contexts.pop().close()
        problems, self.problems = self.problems, []
        return problems

    def said(self) -> str:
        """The end of the server's log, for a failed test."""
        return self.log.read_text(errors="replace")[-4000:]

    def stop(self) -> None:
        self.server.terminate()
        try:
            self.server.wait(10)
        except subprocess.TimeoutExpired:
            self.server.kill()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.problems.append(message.text)

    def _session(self, role: str, language: str) -> str:
        with self.data():
            user = self.person(role, language=language)
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
            assert session.session_key
            return session.session_key

    def _start(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "akrab.config.asgi:application",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--timeout-graceful-shutdown",
            "1",
            "--log-level",
            "warning",
        ]
        with self.log.open("wb") as log:
            server = subprocess.Popen(command, cwd=databases.ROOT, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if server.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/sign-in/", timeout=5).close()
                return server
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        server.kill()
        raise RuntimeError(f"The server of the browser tests did not start:\n{self.said()}")


def chromium() -> str:
    """A Chromium on this machine."""
    named = os.environ.get("AKRAB_CHROMIUM", "")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return named or next((found for name in names if (found := shutil.which(name))), "")
