"""Slots on pages: a room above registers a link, the room below loops over links; navigation works the same way."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor

Words = str | Promise

GROUPS: dict[str, Words] = {
    "today": _("Today"),
    "customers": _("Customers"),
    "sales": _("Sales"),
    "service": _("Service"),
    "marketing": _("Marketing"),
    "loyalty": _("Loyalty"),
    "commerce": _("Commerce"),
    "insight": _("Insight"),
    "settings": _("Settings"),
}


class ByKey:
    """Templates look for a key first: without one, each look-up would cost an exception, and a frame has a thousand."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        try:
            return getattr(self, name)
        except AttributeError as missing:
            raise KeyError(name) from missing


@dataclass(frozen=True, slots=True)
class Panel(ByKey):
    """A link that fills a slot: the page below loads its URL, knowing nothing else about it."""

    slot: str
    url: str
    title: Words
    verb: str = ""
    icon: str = "point"
    order: int = 100
    key: str = ""


@dataclass(frozen=True, slots=True)
class NavEntry(ByKey):
    """One line of the navigation rail."""

    group: str
    title: Words
    url: str
    icon: str
    verb: str = ""
    order: int = 100
    key: str = ""

    @property
    def address(self) -> str:
        return _address(self.url, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@cache
def _address(url: str, _served_by: str, _prefix: str) -> str:
    """The frame of a page asks for each address several times, and none of them ever changes."""
    return reverse(url)


@dataclass(slots=True)
class NavGroup(ByKey):
    name: str
    title: Words
    entries: list[NavEntry] = field(default_factory=list)


_panels: dict[tuple[str, str], Panel] = {}
_entries: dict[str, NavEntry] = {}


def panel(slot: str, *, url: str, title: Words, verb: str = "", icon: str = "point", order: int = 100, key: str = "") -> None:
    """Fill a slot. Slots of the frame: `create` (quick create), `search` (palette: `?q=` gives options), `help`."""
    _panels[slot, url] = Panel(slot, url, title, verb, icon, order, key)


def nav(group: str, *, title: Words, url: str, icon: str, verb: str = "", order: int = 100, key: str = "") -> None:
    """Put a page in the rail; `key` is the letter after `g` that goes there."""
    assert group in GROUPS, group
    _entries[url] = NavEntry(group, title, url, icon, verb, order, key)


def panels_for(slot: str, actor: Actor) -> list[Panel]:
    """What fills a slot for this actor, in order."""
    _discover()
    found = [one for one in _panels.values() if one.slot == slot and _may(actor, one.verb)]
    return sorted(found, key=lambda one: (one.order, one.url))


def nav_for(actor: Actor) -> list[NavGroup]:
    """The navigation of this actor; groups without pages are left out."""
    _discover()
    groups = {name: NavGroup(name, title) for name, title in GROUPS.items()}
    for entry in sorted(_entries.values(), key=lambda one: (one.order, one.url)):
        if _may(actor, entry.verb) and has_page(entry.url):
            groups[entry.group].entries.append(entry)
    return [group for group in groups.values() if group.entries]


@cache
def has_page(url: str) -> bool:
    """Whether an address of that name, without arguments, is served here: no dead links."""
    try:
        reverse(url)
    except NoReverseMatch:
        return False
    return True


def _may(actor: Actor, verb: str) -> bool:
    return not verb or actor.may(verb)


@cache
def _discover() -> None:
    """Each room registers in `views/panels.py`; reading them late keeps start-up and the command line quick."""
    autodiscover_modules("views.panels")
