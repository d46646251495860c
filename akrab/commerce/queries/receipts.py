"""One receipt as a person reads it, with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from akrab.commerce.models import Receipt, ReceiptLine, ReceiptVersion, Tender
from akrab.platform.actor import Actor
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """A receipt with lines, tenders, the documents that refer to it, and what it said before corrections."""

    receipt: Receipt
    lines: Sequence[ReceiptLine]
    tenders: Sequence[Tender]
    returns: Sequence[Receipt]
    versions: Sequence[ReceiptVersion]

    @property
    def can_be_claimed(self) -> bool:
        one = self.receipt
        return one.customer_id is None and one.kind == Receipt.Kind.SALE and one.status == Receipt.Status.COUNTED


def get_receipt(*, by: Actor, receipt_id: UUID) -> ReceiptSheet:
    """The receipt of an id."""
    require(by, "commerce.view_receipts")
    rows = Receipt.objects.visible_to(by).select_related("branch", "customer", "original")  # type: ignore[attr-defined]
    receipt = rows.filter(pk=receipt_id).first()
    if receipt is None:
        raise NotFound
    return ReceiptSheet(
        receipt,
        list(receipt.lines.select_related("product").order_by("line")),
        list(receipt.tenders.order_by("position")),
        list(receipt.returns.order_by("occurred_at", "pk")),
        list(receipt.versions.order_by("-replaced_at", "pk")),
    )
