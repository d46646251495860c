"""Saving views of lists: keep the state of a list under a name, share it, keep it at hand, put it away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.listing.declaring import list_named
from akrab.platform.listing.facts import ViewChanged
from akrab.platform.listing.models import SavedView, ViewMark
from akrab.platform.operation import operation, require
from akrab.platform.queries.saved_views import View, get_view, teams_of
from akrab.platform.refusal import Invalid, Refusal, StaleVersion
from akrab.platform.rights.standing import person_of

KEPT = ("name", "query", "scope", "is_locked")


class ViewNameTaken(Refusal):
    code = "view_name_taken"
    message = _("There is a view %(name)s here already. Choose another name, or change that one.")


class ViewLocked(Refusal):
    code = "view_locked"
    status = 403
    message = _("This view is locked or belongs to somebody else. Save what you see as a new view.")


@operation(may="platform.edit_own_settings", journal=_("Saved the view %(subject)s"))
def save_view(
    *,
    by: Actor,
    object: str,
    name: str,
    query: str,
    at: datetime,
    scope: str = "private",
    team_id: UUID | None = None,
    is_locked: bool = False,
) -> ViewChanged:
    """Keep a state of a list as a new view of one's own, of a team or of everybody."""
    kind = list_named(object)
    require(by, kind.verb)
    owner = person_of(by)
    if owner is None:
        raise Invalid({"owner": str(_("Only a person can keep a view."))})
    view = SavedView(object=kind.name, owner_id=owner, created_at=at, changed_at=at)
    _give(view, {"name": name, "query": query, "scope": scope, "is_locked": is_locked}, team_id, by=by)
    view.save(force_insert=True)
    return _told(view, {"name": ["", view.name]}, by=by, at=at)


@operation(may="platform.edit_own_settings", journal=_("Changed the view %(subject)s"))
def change_view(
    *,
    by: Actor,
    view_id: UUID,
    changes: Mapping[str, Any],
    at: datetime,
    team_id: UUID | None = None,
    version: int | None = None,
) -> ViewChanged | None:
    """Give a view another name, query, circle or lock; nothing different records nothing."""
    view = _locked(get_view(by=by, view_id=view_id))
    if version is not None and version != view.version:
        raise StaleVersion
    before = _state(view)
    _give(view, {**{name: getattr(view, name) for name in KEPT}, **changes}, team_id or view.team_id, by=by)
    after = _state(view)
    different = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not different:
        return None
    view.version, view.changed_at = view.version + 1, at
    view.save(update_fields=[*KEPT, "team", "version", "changed_at"])
    return _told(view, different, by=by, at=at)


@operation(may="platform.edit_own_settings", journal=_("Retired the view %(subject)s"))
def retire_view(*, by: Actor, view_id: UUID, at: datetime) -> ViewChanged:
    """Put a view away for everybody who has it."""
    view = _locked(get_view(by=by, view_id=view_id))
    view.retired_at, view.changed_at, view.version = at, at, view.version + 1
    view.save(update_fields=["retired_at", "changed_at", "version"])
    return _told(view, {"retired_at": ["", at.isoformat()]}, by=by, at=at)


@operation(may="platform.edit_own_settings")
def mark_view(*, by: Actor, view_id: UUID, is_pinned: bool | None = None, is_default: bool | None = None) -> View:
    """Keep a view as a tab of one's own, or begin the list with it; of each list only one is the beginning."""
    view = get_view(by=by, view_id=view_id)
    person = person_of(by)
    if person is None:
        raise Invalid({"owner": str(_("Only a person can keep a view."))})
    if is_default:
        ViewMark.objects.filter(person_id=person, object=view.object, is_default=True).update(is_default=False)
    given = {
        "is_pinned": view.is_pinned if is_pinned is None else is_pinned,
        "is_default": view.is_default if is_default is None else is_default,
    }
    fetch(
        "INSERT INTO platform_viewmark (person_id, view_id, object, is_pinned, is_default) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (person_id, view_id) DO UPDATE SET is_pinned = excluded.is_pinned, is_default = excluded.is_default",
        [person, view_id, view.object, given["is_pinned"], given["is_default"]],
    )
    return get_view(by=by, view_id=view_id)


def _locked(seen: View) -> SavedView:
    if not seen.may_change:
        raise ViewLocked
    return SavedView.objects.select_for_update().get(pk=seen.id)


def _give(view: SavedView, given: Mapping[str, Any], team_id: UUID | None, *, by: Actor) -> None:
    """Checked values; who shares needs the verb, and may share with own teams only."""
    unknown = sorted(set(given) - set(KEPT))
    if unknown:
        raise Invalid({name: str(_("This field cannot be edited.")) for name in unknown})
    name = " ".join(str(given["name"]).split())
    if not name or len(name) > 80:
        raise Invalid({"name": str(_("A view needs a name of at most 80 letters."))})
    if given["scope"] not in SavedView.Scope.values:
        raise Invalid({"scope": str(_("There is no such circle."))})
    if given["scope"] != "private" and given["scope"] != view.scope:
        require(by, "platform.share_views")
    view.name, view.query, view.scope = name, list_named(view.object).canonical(str(given["query"])), given["scope"]
    view.is_locked = bool(given["is_locked"])
    view.team_id = _team(team_id, by=by) if view.scope == "team" else None
    _refuse_twin(view)


def _team(team_id: UUID | None, *, by: Actor) -> UUID:
    mine = [one for one, _name in teams_of(by=by)]
    if team_id is None and len(mine) == 1:
        return mine[0]
    if team_id is None or team_id not in mine:
        raise Invalid({"team": str(_("Choose one of your teams."))})
    return team_id


def _refuse_twin(view: SavedView) -> None:
    circle = {"owner_id": view.owner_id, "scope": "private"} if view.scope == "private" else {"team_id": view.team_id}
    others = SavedView.objects.filter(object=view.object, name__iexact=view.name, retired_at=None, **circle)
    if view.scope != "private":
        others = others.exclude(scope="private")
    if others.exclude(pk=view.pk).exists():
        raise ViewNameTaken(name=view.name)


def _state(view: SavedView) -> dict[str, str]:
    return {**{name: str(getattr(view, name)) for name in KEPT}, "team": str(view.team_id or "")}


def _told(view: SavedView, changes: dict[str, list[str]], *, by: Actor, at: datetime) -> ViewChanged:
    fact = ViewChanged(view_id=view.pk, changed_at=at, object=view.object, name=view.name, scope=view.scope, changes=changes)
    record([fact], by=by)
    return fact
