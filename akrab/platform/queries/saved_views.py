"""The saved views of a list that an actor has: own ones, those of their teams, those of everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.listing.declaring import list_named
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound, Refusal
from akrab.platform.rights.standing import UNBOUND, person_of


class SeveralViews(Refusal):
    code = "several_views"
    status = 422
    message = _("Several views are called %(name)s. Use the id of the one you mean: %(ids)s.")


class UnknownView(Refusal):
    code = "unknown_view"
    status = 422
    message = _("There is no view %(name)s of this list that you can see.")


@dataclass(frozen=True, slots=True)
class View:
    """A saved view as one actor has it."""

    id: UUID
    object: str
    name: str
    query: str
    scope: str
    owner_id: UUID
    owner: str
    team_id: UUID | None
    team: str
    is_locked: bool
    version: int
    is_pinned: bool
    is_default: bool
    may_change: bool


_TEAMS = """
WITH RECURSIVE mine AS (
    SELECT team_id AS id FROM platform_membership
    WHERE person_id = %(person)s AND since <= %(today)s AND (until IS NULL OR until >= %(today)s)
    UNION SELECT id FROM platform_team WHERE lead_id = %(person)s AND retired_at IS NULL
    UNION SELECT t.parent_id FROM platform_team t JOIN mine m ON t.id = m.id WHERE t.parent_id IS NOT NULL
)
"""
SEEN = "(%(all)s OR v.scope = 'all' OR v.owner_id = %(person)s OR (v.scope = 'team' AND v.team_id IN (SELECT id FROM mine)))"
_VIEWS = f"""
{_TEAMS}
SELECT v.id, v.object, v.name, v.query, v.scope, v.owner_id, coalesce(nullif(o.name, ''), o.email), v.team_id,
    coalesce(t.name, ''), v.is_locked, v.version,
    coalesce(m.is_pinned, v.owner_id = %(person)s, false), coalesce(m.is_default, false)
FROM platform_savedview v JOIN platform_user o ON o.id = v.owner_id LEFT JOIN platform_team t ON t.id = v.team_id
LEFT JOIN platform_viewmark m ON m.view_id = v.id AND m.person_id = %(person)s
WHERE v.retired_at IS NULL AND {SEEN} AND {{only}}
ORDER BY lower(v.name), v.id LIMIT 500
"""


def list_views(*, by: Actor, object: str) -> list[View]:
    """The views of a list by name; whoever may not see the list has none."""
    require(by, list_named(object).verb)
    return _read("v.object = %(object)s", {"object": object}, by=by)


def all_views(*, by: Actor, object: str = "") -> list[View]:
    """The views of one list, or of all lists that the actor may see."""
    if object:
        return list_views(by=by, object=object)
    return [one for one in _read("true", {}, by=by) if by.may(list_named(one.object).verb)]


def get_view(*, by: Actor, view_id: UUID) -> View:
    found = _read("v.id = %(id)s", {"id": view_id}, by=by)
    if not found or not by.may(list_named(found[0].object).verb):
        raise NotFound
    return found[0]


def view_named(*, by: Actor, object: str, name: str) -> View:
    """The view that a name or an id means: everybody's before a team's, a team's before a private one."""
    found = [one for one in list_views(by=by, object=object) if str(one.id) == name or one.name.lower() == name.strip().lower()]
    if not found:
        raise UnknownView(name=name)
    order = ("all", "team", "private")
    nearest = min(order.index(one.scope) for one in found)
    meant = [one for one in found if order.index(one.scope) == nearest]
    if len(meant) > 1:
        raise SeveralViews(name=name, ids=", ".join(str(one.id) for one in meant))
    return meant[0]


def teams_of(*, by: Actor) -> list[tuple[UUID, str]]:
    """The teams that the actor can share a view with."""
    rows = fetch(
        f"{_TEAMS} SELECT t.id, t.name FROM platform_team t WHERE t.retired_at IS NULL "
        "AND (%(all)s OR t.id IN (SELECT id FROM mine)) ORDER BY t.name, t.id",
        _who(by),
    )
    return [(row[0], row[1]) for row in rows]


def _read(only: str, values: dict[str, Any], *, by: Actor) -> list[View]:
    person, boss = person_of(by), by.role == "administrator"
    rows = fetch(_VIEWS.format(only=only), {**_who(by), **values, "all": by.kind in UNBOUND})
    sharer = by.may("platform.share_views")
    return [View(*(*row, row[5] == person or boss or (row[4] != "private" and not row[9] and sharer))) for row in rows]


def _who(by: Actor) -> dict[str, Any]:
    """Whoever owns the machine, and the system, see every view."""
    return {
        "person": person_of(by),
        "today": datetime.now(UTC).astimezone(by.tzinfo).date(),
        "all": by.kind in UNBOUND or by.role == "administrator",
    }
