"""The bar of a list's saved views: tabs, which one is shown, and whether what is shown differs from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from akrab.platform.actor import Actor
from akrab.platform.listing.declaring import list_named
from akrab.platform.queries.saved_views import View, list_views


@dataclass(frozen=True, slots=True)
class Bar:
    """What the bar shows; `whole` is the address of the list without any view."""

    tabs: list[dict[str, Any]]
    others: list[dict[str, Any]]
    current: str
    view: View | None
    is_modified: bool
    whole: str
    query: str
    save_as: str
    reset: str
    has_views: bool


def view_bar(*, by: Actor, name: str, given: QueryDict) -> Bar:
    """The bar for an address with these parameters."""
    kind = list_named(name)
    views = list_views(by=by, object=name)
    base = reverse(kind.url)
    query = kind.canonical(given.urlencode())
    view = next((one for one in views if str(one.id) == given.get("view")), None)
    begins = any(one.is_default for one in views)
    whole = f"{base}?sort=name" if begins else base
    shown = [one for one in views if one.is_pinned or one.is_default or one is view]
    return Bar(
        tabs=[{"title": _("Everything"), "url": whole, "key": ""}, *(_tab(one, base) for one in shown)],
        others=[_tab(one, base) for one in views if one not in shown],
        current=str(view.id) if view else "" if not query or query == "sort=name" else "changed",
        view=view,
        is_modified=_plain(query) != (_plain(view.query) if view else ""),
        whole=whole,
        query=query,
        save_as=f"{reverse('listing:view_new')}?{urlencode({'list': name, 'query': query})}",
        reset=_address(view, base) if view else whole,
        has_views=bool(views),
    )


def beginning(bar: Bar, *, keys: set[str]) -> str:
    """Where a bare address leads: to the view that its reader begins with, or to the whole state of a view named alone."""
    if keys == {"view"} and bar.view:
        return bar.reset
    if keys:
        return ""
    return next((tab["url"] for tab in bar.tabs if tab.get("is_default")), "")


def _plain(query: str) -> str:
    """The order that a list has anyway says nothing."""
    return "&".join(part for part in query.split("&") if part != "sort=name")


def _tab(view: View, base: str) -> dict[str, Any]:
    return {
        "title": view.name,
        "url": _address(view, base),
        "key": str(view.id),
        "scope": view.scope,
        "is_locked": view.is_locked,
        "is_default": view.is_default,
    }


def _address(view: View, base: str) -> str:
    return f"{base}?view={view.id}" + (f"&{view.query}" if view.query else "")
