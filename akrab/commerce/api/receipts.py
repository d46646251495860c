"""Receipts over the API: list, read, send one or many, claim."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import TypeAdapter

from akrab.commerce.api.outputs import receipt_out
from akrab.commerce.api.shapes import FIELDS, ClaimIn, Receipt, ReceiptIn, ReceiptPage, contact_of, receipt_message
from akrab.commerce.facts import ClaimRefused
from akrab.commerce.operations.claiming import claim_receipt
from akrab.commerce.operations.receiving import Outcome, record_receipts
from akrab.commerce.queries.documents import (
    ChannelName,
    ReceiptKind,
    ReceiptStatus,
    get_document,
    list_documents,
)
from akrab.platform.api.bodies import batch
from akrab.platform.api.document import batch_of
from akrab.platform.api.lists import Cursor, Fields, Limit, listed, read_cursor
from akrab.platform.api.problems import problem
from akrab.platform.api.replies import chosen, only, reply
from akrab.platform.api.shapes import BatchResult, Day, ItemResult, batch_result, item_result
from akrab.platform.refusal import Invalid, Refusal

router = Router(tags=["receipts"])
ITEM: TypeAdapter[ReceiptIn] = TypeAdapter(ReceiptIn)
LIST = "receipts"


class ReceiptRefused(Refusal):
    code = "receipt_invalid"
    status = 422

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__()

    def __str__(self) -> str:
        return self.reason


@router.get("/receipts", response=ReceiptPage, summary="List receipts")
def index(
    request: Any,
    limit: Limit = 50,
    cursor: Cursor = "",
    fields: Fields = "",
    branch: str | None = None,
    number: str | None = None,
    customer_id: UUID | None = None,
    anonymous: bool | None = None,
    kind: ReceiptKind | None = None,
    status: ReceiptStatus | None = None,
    channel: ChannelName | None = None,
    business_from: Day | None = None,
    business_to: Day | None = None,
) -> HttpResponse:
    """Receipts, newest first, with lines and tenders."""
    names = chosen(fields, FIELDS)
    filters = {
        "branch": branch,
        "number": number,
        "customer_id": customer_id,
        "anonymous": anonymous,
        "kind": kind,
        "status": status,
        "channel": channel,
        "business_from": business_from,
        "business_to": business_to,
    }
    rows, following = list_documents(
        by=request.actor,
        filters={name: value for name, value in filters.items() if value is not None},
        after=read_cursor(LIST, cursor),
        limit=limit,
    )
    return reply(listed([only(receipt_out(row), names) for row in rows], LIST, following))


@router.post("/receipts", response={200: Receipt, 201: Receipt}, summary="Send a receipt")
def create(request: Any, body: ReceiptIn, open_branches: bool = False) -> HttpResponse:
    """Takes in one document: 201 when it is new, 200 when it was known (and is now corrected, or unchanged)."""
    outcome = record_receipts(
        by=request.actor, receipts=[receipt_message(body)], at=now(), source="api", open_branches=open_branches
    )[0]
    if outcome.receipt_id is None:
        raise ReceiptRefused(outcome.reason)
    row = get_document(by=request.actor, receipt_id=outcome.receipt_id)
    status = 201 if outcome.result == "created" else 200
    return reply(receipt_out(row), status=status, location=f"/api/v1/receipts/{row.id}" if status == 201 else "")


@router.post(
    "/receipts:batch",
    response=BatchResult,
    summary="Send many receipts",
    openapi_extra=batch_of("ReceiptIn"),
)
def create_many(request: Any, open_branches: bool = False) -> HttpResponse:
    """Up to 1,000 documents in any order, as JSON or one per line; one that cannot be taken spoils no other."""
    given = batch(request, ITEM)
    good = [(index, receipt_message(one)) for index, one in enumerate(given) if isinstance(one, ReceiptIn)]
    outcomes = record_receipts(
        by=request.actor,
        receipts=[message for _index, message in good],
        at=now(),
        source="api",
        open_branches=open_branches,
    )
    taken = {index: outcome for (index, _message), outcome in zip(good, outcomes, strict=True)}
    return reply(batch_result([_item(index, one, taken.get(index)) for index, one in enumerate(given)]))


@router.get("/receipts/{uuid:receipt_id}", response=Receipt, summary="Read a receipt")
def show(request: Any, receipt_id: UUID, fields: Fields = "") -> HttpResponse:
    """One receipt with lines and tenders."""
    names = chosen(fields, FIELDS)
    return reply(only(receipt_out(get_document(by=request.actor, receipt_id=receipt_id)), names))


@router.post("/receipts/{uuid:receipt_id}/claim", response=Receipt, summary="Claim an anonymous receipt")
def claim(request: Any, receipt_id: UUID, body: ClaimIn) -> HttpResponse:
    """Gives an anonymous receipt to a customer, once, within 30 days; refused claims are logged (409 claim_refused)."""
    fact = claim_receipt(by=request.actor, receipt_id=receipt_id, contact=contact_of(body), at=now())
    if isinstance(fact, ClaimRefused) and fact.reason != "already_yours":
        return problem(409, "claim_refused", str(REASONS.get(fact.reason, fact.reason)), reason=fact.reason)
    return reply(receipt_out(get_document(by=request.actor, receipt_id=receipt_id)))


REASONS = {
    "taken": _("This receipt belongs to another customer already."),
    "too_late": _("A receipt can be claimed for 30 days after the purchase."),
    "not_counted": _("Only a sale that counts can be claimed."),
}


def _item(index: int, given: ReceiptIn | Invalid, outcome: Outcome | None) -> ItemResult:
    if isinstance(given, Invalid):
        return item_result(index, "error", reason=str(given), errors=given.errors)
    assert outcome is not None
    return item_result(index, outcome.result, about=outcome.receipt_id, code=ReceiptRefused.code, reason=outcome.reason)
