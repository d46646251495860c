"""What a list of receipts is narrowed by, and how that becomes rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from akrab.commerce.models import Branch, Receipt, ReceiptQuerySet
from akrab.platform.actor import Actor
from akrab.platform.operation import require
from akrab.platform.paging import CAP, Count, Key, Order, Page, capped_count, paginate

NEWEST_FIRST = Order((Key("occurred_at"),), descending=True)
WAITING_LONGEST_FIRST = Order((Key("received_at"),))


@dataclass(frozen=True, slots=True)
class ReceiptChoice:
    """Filters of a receipt list; days are business dates."""

    number: str = ""
    day_from: date | None = None
    day_to: date | None = None
    branch: UUID | None = None
    channel: str = ""
    kind: str = ""
    status: str = ""
    who: str = ""
    customer: UUID | None = None
    cohort: str = ""


def list_receipts(*, by: Actor, choice: ReceiptChoice, cursor: str = "", size: int = 50) -> Page[Receipt]:
    """The page of receipts that a choice and a cursor name, newest first."""
    rows = chosen(choice, by=by).select_related("branch", "customer").defer("attributes", "customer__search")
    return paginate(rows, order=NEWEST_FIRST, cursor=cursor, size=size)


def count_receipts(*, by: Actor, choice: ReceiptChoice, exactly: bool = False) -> Count:
    """How many receipts a choice lets through, to 10,000 unless asked exactly."""
    return capped_count(chosen(choice, by=by), cap=None if exactly else CAP)


def parked_receipts(*, by: Actor, cursor: str = "") -> Page[Receipt]:
    """Returns and voids whose sale has not arrived, the longest waiting first."""
    require(by, "commerce.view_receipts")
    rows = Receipt.objects.visible_to(by).filter(status=Receipt.Status.PARKED).select_related("branch")  # type: ignore[attr-defined]
    return paginate(rows, order=WAITING_LONGEST_FIRST, cursor=cursor, size=50)


def chosen(choice: ReceiptChoice, *, by: Actor) -> ReceiptQuerySet:
    require(by, "commerce.view_receipts")
    wanted: dict[str, Any] = {
        "business_on__gte": choice.day_from,
        "business_on__lte": choice.day_to,
        "branch": choice.branch,
        "channel": choice.channel,
        "kind": choice.kind,
        "status": choice.status,
        "customer": choice.customer,
        "customer__isnull": {"anonymous": True, "known": False}.get(choice.who),
    }
    given = {name: value for name, value in wanted.items() if value not in (None, "")}
    if choice.who == "claimed":
        given["customer_from"] = Receipt.CustomerFrom.CLAIM
    if choice.cohort:
        given |= {"customer__traits__name": "first_purchase_month", "customer__traits__text": choice.cohort}
    if choice.number:
        # The natural key begins with the branch, so a number is looked up once per branch.
        given |= {"number": choice.number, "branch__in": Branch._default_manager.values("pk")}
    rows: ReceiptQuerySet = Receipt.objects.visible_to(by).filter(**given)  # type: ignore[attr-defined]
    return rows
