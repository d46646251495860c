"""What happens to rows that name a customer when that customer is merged into another: one declaration per column.

A room declares beside its holdings, in `operations/holdings.py`; a house test fails for a column that nobody declares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from akrab.platform.holdings import discover


@dataclass(frozen=True, slots=True)
class Repointed:
    """Rows of a column that follow to the survivor.

    A row whose `unique` columns the survivor has already would say the same twice: it is taken away, and an undo brings it
    back. `only` narrows the rows; `renews` are assignments that tell others of the change.
    `key` is the database type of the row's id.
    """

    table: str
    column: str
    title: str | Promise
    unique: tuple[str, ...] | None = None
    only: str = "true"
    renews: str = ""
    key: str = "uuid"


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that keep the customer they were written for; `why` says how they are found from the survivor."""

    table: str
    column: str
    why: str


_REPOINTED: dict[tuple[str, str], Repointed] = {}
_KEPT: dict[tuple[str, str], Kept] = {}
Recount = Callable[[Sequence[UUID], datetime], object]
_RECOUNTS: list[Recount] = []


def repoints(
    table: str,
    column: str = "customer_id",
    *,
    title: str | Promise,
    unique: Sequence[str] | None = None,
    only: str = "true",
    renews: str = "",
    key: str = "uuid",
) -> None:
    """Declare that the rows of a column follow to the survivor."""
    kept = None if unique is None else tuple(unique)
    _REPOINTED[(table, column)] = Repointed(table, column, title, kept, only, renews, key)


def keeps(table: str, column: str = "customer_id", *, why: str) -> None:
    """Declare that the rows of a column stay as they are."""
    _KEPT[(table, column)] = Kept(table, column, why)


def recounts(function: Recount) -> Recount:
    """Declare what a room works out anew about the customers of a merge, in the transaction of the merge or of its undo."""
    _RECOUNTS.append(function)
    return function


def recount(customer_ids: Sequence[UUID], at: datetime) -> None:
    """Have every room work out its figures about these customers."""
    discover()
    for function in _RECOUNTS:
        function(customer_ids, at)


def repointed() -> list[Repointed]:
    """Every declared column whose rows follow."""
    discover()
    return [_REPOINTED[one] for one in sorted(_REPOINTED)]


def merge_rules() -> set[tuple[str, str]]:
    """Every (table, column) with a rule."""
    discover()
    return set(_REPOINTED) | set(_KEPT)
