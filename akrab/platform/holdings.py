"""What every room holds about a customer: one declaration per store, with how to read it out and how to erase it.

A room declares in `operations/holdings.py`; a house test fails for a table with a customer in it that nobody declares.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import apps
from django.utils.functional import Promise

from akrab.platform.bulk import fetch

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Erasing:
    """Whom an erasure is about: the id, and the texts by which the person could be found in free text."""

    customer_id: UUID
    erasure_id: UUID
    at: datetime
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """What a store did: rows removed, cleaned of the person, and kept; `doomed` are files to delete once this is certain."""

    removed: int = 0
    cleaned: int = 0
    kept: int = 0
    doomed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """One store. `keeps` says what stays after an erasure, and why; stores are erased by `order`, smallest first."""

    name: str
    title: str | Promise
    tables: tuple[str, ...]
    read: Callable[[UUID], Rows]
    erase: Callable[[Erasing], Gone]
    keeps: str | Promise = ""
    order: int = 50


_HOLDINGS: dict[str, Holding] = {}
_KEPT: dict[str, frozenset[str]] = {}
_MENTIONS: dict[str, frozenset[str]] = {}
_found: list[bool] = []


def holds(*holdings: Holding) -> None:
    """Declare stores."""
    _HOLDINGS.update({one.name: one for one in holdings})


def stays_in_facts(kind: str, *fields: str) -> None:
    """Declare texts of a kind of fact that say nothing about the person: codes, numbers of documents."""
    _KEPT[kind] = frozenset(fields)


def mentions_others(kind: str, *fields: str) -> None:
    """Declare a kind of fact that names a second customer, and its texts about them."""
    _MENTIONS[kind] = frozenset(fields)


def holdings() -> list[Holding]:
    """Every declared store, in the order of erasing."""
    discover()
    return sorted(_HOLDINGS.values(), key=lambda one: (one.order, one.name))


def staying() -> dict[str, frozenset[str]]:
    discover()
    return _KEPT


def mentioning() -> dict[str, frozenset[str]]:
    discover()
    return _MENTIONS


def rows_of(sql: str, parameters: Sequence[Any]) -> Rows:
    """The rows of a statement as plain JSON values; generated columns and transaction ids left out."""
    found = fetch(f"SELECT to_jsonb(t) - ARRAY['changed_xid', 'xid', 'search', 'name_key'] FROM ({sql}) AS t", parameters)
    return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in found]


def count_of(sql: str, parameters: Sequence[Any]) -> int:
    """How many rows a DELETE or UPDATE touched."""
    return int(fetch(f"WITH done AS ({sql} RETURNING 1) SELECT count(*) FROM done", parameters)[0][0])


def discover() -> None:
    """Load the declarations of every room, once."""
    if _found:
        return
    for app in apps.get_app_configs():
        name = f"{app.name}.operations.holdings"
        if app.name.startswith("akrab.") and find_spec(f"{app.name}.operations") and find_spec(name):
            import_module(name)
    _found.append(True)
