"""Privacy over the API: requests with their clocks, and receipts of erasures."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from akrab.customers.operations.erasing import erase_customer, receipt_of
from akrab.customers.operations.requesting import close_request, handle_request, open_request
from akrab.customers.queries.privacy import RequestLine, get_erasure, get_request, privacy_requests
from akrab.platform.api.replies import reply
from akrab.platform.api.shapes import Input, Instant, Text

router = Router(tags=["privacy"])
RequestKind = Literal["access", "correction", "restriction", "erasure", "objection", "portability"]


class RequestIn(Input):
    """What a customer asked for; the clock of 3 x 24 hours runs from `received_at`."""

    customer_id: UUID
    kind: RequestKind
    received_at: Instant | None = None
    came_by: Annotated[Text, Field(max_length=60)] = ""
    details: Annotated[Text, Field(max_length=10000)] = ""


class HandlingIn(Input):
    """Whether the person is who they say, how that was checked, and who works on it."""

    identity: Literal["unchecked", "confirmed", "failed"]
    identity_how: Annotated[Text, Field(max_length=300)] = ""
    assignee_id: UUID | None = None


class DecisionIn(Input):
    """The decision and the answer; a reason unless all was granted."""

    decision: Literal["granted", "partly", "refused"]
    reason: Annotated[Text, Field(max_length=10000)] = ""
    answer: Annotated[Text, Field(max_length=10000)] = ""


class PrivacyRequest(TypedDict):
    id: UUID
    customer_id: UUID
    kind: RequestKind
    came_by: str
    details: str
    received_at: datetime
    due_at: datetime
    is_late: bool
    identity: Literal["unchecked", "confirmed", "failed"]
    identity_how: str
    assignee_id: UUID | None
    decision: str
    reason: str
    answer: str
    closed_at: datetime | None


class PrivacyRequestList(TypedDict):
    items: list[PrivacyRequest]


class StoreOut(TypedDict):
    """What one store did."""

    store: str
    at: datetime
    removed: int
    cleaned: int
    kept: int


class ErasureReceipt(TypedDict):
    """Store by store; `signature` is empty until files and lake are done."""

    erasure: UUID
    customer: UUID
    erased_at: datetime
    completed_at: datetime | None
    reason: str
    by: str
    stores: list[StoreOut]
    signature: str


@router.get("/privacy/requests", response=PrivacyRequestList, summary="List privacy requests")
def index(request: Any, closed: bool = False) -> HttpResponse:
    """Open requests, the most urgent first; with `closed` the last hundred that were answered."""
    return reply({"items": [_out(one) for one in privacy_requests(by=request.actor, at=now(), closed=closed)]})


@router.post("/privacy/requests", response={201: PrivacyRequest}, summary="Open a privacy request")
def create(request: Any, body: RequestIn) -> HttpResponse:
    """Starts the clock."""
    at = now()
    made = open_request(by=request.actor, at=at, **{**body.model_dump(), "received_at": body.received_at or at})
    return _answer(request, made.request_id, status=201)


@router.get("/privacy/requests/{uuid:request_id}", response=PrivacyRequest, summary="Read a privacy request")
def show(request: Any, request_id: UUID) -> HttpResponse:
    """One request."""
    return _answer(request, request_id)


@router.put("/privacy/requests/{uuid:request_id}/handling", response=PrivacyRequest, summary="Handle a privacy request")
def handle(request: Any, request_id: UUID, body: HandlingIn) -> HttpResponse:
    """Notes the identity check and who works on it."""
    handle_request(by=request.actor, request_id=request_id, at=now(), **body.model_dump())
    return _answer(request, request_id)


@router.post("/privacy/requests/{uuid:request_id}/decision", response=PrivacyRequest, summary="Decide a privacy request")
def decide(request: Any, request_id: UUID, body: DecisionIn) -> HttpResponse:
    """Closes it; granting needs a confirmed identity (409 identity_unchecked)."""
    close_request(by=request.actor, request_id=request_id, at=now(), **body.model_dump())
    return _answer(request, request_id)


@router.post("/customers/{uuid:customer_id}/erasure", response={201: ErasureReceipt}, summary="Erase a customer")
def erase(request: Any, customer_id: UUID) -> HttpResponse:
    """For good, in every store; the receipt is signed when files and lake are done."""
    made = erase_customer(by=request.actor, customer_id=customer_id, at=now())
    return _receipt(request, made.erasure_id, status=201)


@router.get("/privacy/erasures/{uuid:erasure_id}", response=ErasureReceipt, summary="Read a receipt of erasure")
def receipt(request: Any, erasure_id: UUID) -> HttpResponse:
    """What went, what stayed, store by store."""
    return _receipt(request, erasure_id)


def _receipt(request: Any, erasure_id: UUID, *, status: int = 200) -> HttpResponse:
    found = get_erasure(by=request.actor, erasure_id=erasure_id)
    return reply({**receipt_of(found), "signature": found.signature}, status=status)


def _answer(request: Any, request_id: UUID, *, status: int = 200) -> HttpResponse:
    location = f"/api/v1/privacy/requests/{request_id}" if status == 201 else ""
    found = get_request(by=request.actor, request_id=request_id, at=now())
    return reply(_out(found), status=status, version=found.request.version, location=location)


def _out(line: RequestLine) -> dict[str, Any]:
    names = [name for name in PrivacyRequest.__annotations__ if name not in {"is_late", "assignee_id"}]
    values = {name: getattr(line.request, name) for name in names}
    return {**values, "is_late": line.is_late, "assignee_id": line.request.assignee_id}
