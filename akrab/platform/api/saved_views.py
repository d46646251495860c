"""Saved views over the API: list them, keep new ones, change and retire them."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.platform.api.replies import reply, wanted_version
from akrab.platform.api.shapes import Flag, Input, Text
from akrab.platform.operations.saved_views import change_view, retire_view, save_view
from akrab.platform.queries.saved_views import View, all_views, get_view

router = Router(tags=["views"])
ScopeName = Literal["private", "team", "all"]
Name = Annotated[Text, Field(min_length=1, max_length=80)]
QueryText = Annotated[str, Field(max_length=8000)]


class ViewIn(Input):
    """`query` is the query of the list's address: filters, columns and order."""

    object: Annotated[str, Field(max_length=40)]
    name: Name
    query: QueryText = ""
    scope: ScopeName = "private"
    team_id: UUID | None = None
    is_locked: Flag = False


class ViewChange(Input):
    name: Name | None = None
    query: QueryText | None = None
    scope: ScopeName | None = None
    team_id: UUID | None = None
    is_locked: Flag | None = None


class SavedViewOut(TypedDict):
    """A view of a list; `may_change` says whether this key may change it."""

    id: UUID
    object: str
    name: str
    query: str
    scope: ScopeName
    owner_id: UUID
    owner: str
    team_id: UUID | None
    is_locked: bool
    is_pinned: bool
    is_default: bool
    may_change: bool
    version: int


class ViewList(TypedDict):
    items: list[SavedViewOut]
    next: str | None


@router.get("/views", response=ViewList, summary="List saved views")
def index(request: Any, object: Annotated[str, Field(max_length=40)] = "") -> HttpResponse:
    """The views that this key sees, at most 500, by name: own ones, those of teams, those of everybody."""
    return reply({"items": [_out(one) for one in all_views(by=request.actor, object=object)], "next": None})


@router.post("/views", response={201: SavedViewOut}, summary="Save a view")
def create(request: Any, body: ViewIn) -> HttpResponse:
    """Keeps a state of a list; parameters that the list does not know are left out."""
    done = save_view(by=request.actor, at=now(), **body.model_dump())
    return _answer(request, done.view_id, status=201)


@router.get("/views/{uuid:view_id}", response=SavedViewOut, summary="Read a saved view")
def show(request: Any, view_id: UUID) -> HttpResponse:
    """Its filters, columns and order as the query of the list's address."""
    return _answer(request, view_id)


@router.patch("/views/{uuid:view_id}", response=SavedViewOut, summary="Change a saved view")
def update(request: Any, view_id: UUID, body: ViewChange) -> HttpResponse:
    """Changes the fields that are sent; a locked view only for its owner and administrators."""
    changes = body.model_dump(exclude_unset=True, exclude={"team_id"})
    given = {name: value for name, value in changes.items() if value is not None}
    change_view(by=request.actor, view_id=view_id, changes=given, at=now(), team_id=body.team_id, version=wanted_version(request))
    return _answer(request, view_id)


@router.delete("/views/{uuid:view_id}", response={204: None}, summary="Retire a saved view")
def destroy(request: Any, view_id: UUID) -> HttpResponse:
    """Puts the view away for everybody who has it."""
    retire_view(by=request.actor, view_id=view_id, at=now())
    return HttpResponse(status=204)


def _answer(request: Any, view_id: UUID, *, status: int = 200) -> HttpResponse:
    view = get_view(by=request.actor, view_id=view_id)
    location = f"/api/v1/views/{view_id}" if status == 201 else ""
    return reply(_out(view), status=status, version=view.version, location=location)


def _out(view: View) -> dict[str, Any]:
    return {name: getattr(view, name) for name in SavedViewOut.__annotations__}
