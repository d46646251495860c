"""A device in words, from what its browser says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|Chromium|CriOS|HeadlessChrome)/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)
PHONES = {"iPhone", "Android"}


@dataclass(frozen=True, slots=True)
class Device:
    """A browser and the system that it runs on; both can be unknown."""

    browser: str
    system: str

    @property
    def words(self) -> str:
        return " · ".join(filter(None, (self.browser, self.system)))

    @property
    def icon(self) -> str:
        return "phone" if self.system in PHONES else "device-desktop"


def device_of(agent: str) -> Device:
    """The device behind a User-Agent header."""
    return Device(_first(BROWSERS, agent), _first(SYSTEMS, agent))


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, sign in known if re.search(sign, agent)), "")
