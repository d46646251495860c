"""Branches over the API: list, read, open, change."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.commerce.operations.opening import open_branches
from akrab.commerce.operations.revising import revise_branch
from akrab.commerce.queries.catalog import BranchRow, get_branch, list_branches
from akrab.commerce.queries.documents import ChannelName
from akrab.platform.api.replies import reply, wanted_version
from akrab.platform.api.shapes import Flag, Input, Text
from akrab.platform.refusal import Refusal

router = Router(tags=["branches"])
Zone = Annotated[Text, Field(max_length=60, description="An IANA time zone, for example Asia/Makassar.")]


class BranchChange(Input):
    """The fields to change."""

    name: Annotated[Text, Field(min_length=1, max_length=200)] = ""
    channel: ChannelName = "store"
    zone: Zone = ""
    city: Annotated[Text, Field(max_length=100)] = ""
    is_active: Flag = True


class BranchIn(Input):
    """A place of sale or a web shop; its zone decides the business dates of its receipts."""

    code: Annotated[Text, Field(min_length=1, max_length=60)]
    name: Annotated[Text, Field(max_length=200)] = ""
    channel: ChannelName = "store"
    zone: Zone | None = None
    city: Annotated[Text, Field(max_length=100)] = ""


class Branch(TypedDict):
    id: UUID
    code: str
    name: str
    channel: ChannelName
    zone: str
    city: str
    is_active: bool
    version: int


class BranchList(TypedDict):
    items: list[Branch]
    next: None


class BranchExists(Refusal):
    code = "branch_exists"
    message = _("There is a branch with the code %(code)s already.")


@router.get("/branches", response=BranchList, summary="List branches")
def index(request: Any) -> HttpResponse:
    """All branches by code, on one page."""
    return reply({"items": [row._asdict() for row in list_branches(by=request.actor)], "next": None})


@router.post("/branches", response={201: Branch}, summary="Open a branch")
def create(request: Any, body: BranchIn) -> HttpResponse:
    """A new branch; a code that is there already is refused (409 branch_exists)."""
    facts = open_branches(
        by=request.actor,
        codes=[body.code],
        at=now(),
        zone=body.zone or settings.TIME_ZONE,
        channel=body.channel,
        name=body.name,
        city=body.city,
    )
    if not facts:
        raise BranchExists(code=body.code)
    return _answer(get_branch(by=request.actor, branch_id=facts[0].branch_id), status=201)


@router.get("/branches/{uuid:branch_id}", response=Branch, summary="Read a branch")
def show(request: Any, branch_id: UUID) -> HttpResponse:
    """One branch; the ETag is its version."""
    return _answer(get_branch(by=request.actor, branch_id=branch_id))


@router.patch("/branches/{uuid:branch_id}", response=Branch, summary="Change a branch")
def update(request: Any, branch_id: UUID, body: BranchChange) -> HttpResponse:
    """Changes the fields that are sent; with If-Match only if it still has that version (else 412)."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    revise_branch(by=request.actor, branch_id=branch_id, changes=changes, at=now(), version=wanted_version(request))
    return _answer(get_branch(by=request.actor, branch_id=branch_id))


def _answer(row: BranchRow, *, status: int = 200) -> HttpResponse:
    location = f"/api/v1/branches/{row.id}" if status == 201 else ""
    return reply(row._asdict(), status=status, version=row.version, location=location)
