"""What every template knows: the actor, and the frame of the page when one is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from akrab.platform.actor import ANONYMOUS, Actor
from akrab.platform.models import User
from akrab.platform.panels import ByKey, NavEntry, NavGroup, Panel, has_page, nav_for, panels_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page; the frame is worked out only where a template draws it."""
    return {"actor": getattr(request, "actor", ANONYMOUS), "frame": Frame(request)}


@dataclass(frozen=True, slots=True)
class Toast:
    """Something short to say with the next page, and the address that takes back what was just done, or does `again` what was."""

    text: str
    tone: str = "info"
    undo: str = ""
    again: str = ""


class Frame(ByKey):
    """Rail, top bar and preferences of the person who reads."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor: Actor = getattr(request, "actor", ANONYMOUS)

    @cached_property
    def person(self) -> User | None:
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def groups(self) -> list[NavGroup]:
        return nav_for(self.actor) if self.person else []

    @cached_property
    def entries(self) -> list[NavEntry]:
        return [entry for group in self.groups for entry in group.entries]

    @cached_property
    def thumb_entries(self) -> list[NavEntry]:
        """The four pages of the phone's bottom bar; the fifth place is the menu."""
        return [group.entries[0] for group in self.groups if group.name != "settings"][:4]

    @cached_property
    def current(self) -> str:
        """The URL name of the rail entry that this page belongs to."""
        path = self.request.path
        inside = [one for one in self.entries if path == one.address or _holds(one.address, path)]
        return max(inside, key=lambda one: len(one.address)).url if inside else ""

    @cached_property
    def create(self) -> list[Panel]:
        return [one for one in panels_for("create", self.actor) if has_page(one.url)]

    @cached_property
    def search(self) -> list[Panel]:
        return [one for one in panels_for("search", self.actor) if has_page(one.url)]

    @cached_property
    def top(self) -> list[Panel]:
        """What rooms put into the top bar."""
        return [one for one in panels_for("top", self.actor) if has_page(one.url)]

    @property
    def theme(self) -> str:
        return "" if self.person is None or self.person.theme == "system" else self.person.theme

    @property
    def chosen_theme(self) -> str:
        return self.person.theme if self.person else "system"

    @property
    def density(self) -> str:
        return self.person.density if self.person else "comfortable"

    @property
    def shortcuts(self) -> str:
        return "on" if self.person is None or self.person.shortcuts else "off"

    @property
    def rail(self) -> str:
        return "narrow" if self.request.COOKIES.get("rail") == "narrow" else "wide"

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str]]:
        return [("en", "English"), ("id", "Bahasa Indonesia")]

    @property
    def messages(self) -> list[Toast]:
        return [Toast(str(one), *(one.extra_tags or "info").split()[:3]) for one in get_messages(self.request)]

    @property
    def shortcut_lines(self) -> list[tuple[list[str], str]]:
        """Keys that work on every page, for the sheet behind `?`."""
        return [
            (["/", "Ctrl K"], _("Search or go to")),
            (["j", "k"], _("Next and previous row or record")),
            (["[", "]"], _("Previous and next record of the list you came from")),
            (["Enter"], _("Open")),
            (["x"], _("Select the row")),
            (["Ctrl", "Enter"], _("Save the form")),
            (["Esc"], _("Close")),
            (["?"], _("This list")),
        ]

    @property
    def texts(self) -> dict[str, str]:
        """Sentences that scripts say."""
        return {
            "copied": _("Copied."),
            "continue": _("Continue"),
            "again": _("Do it again"),
            "passkey": _("No passkey was used. Try again, or use another way."),
            "unreachable": _("Akrab cannot be reached. What you typed is still here; try again."),
        }


def _holds(address: str, path: str) -> bool:
    """Whether a page lies below an entry of the rail; the start page holds no other."""
    return address != "/" and path.startswith(address.rstrip("/") + "/")
