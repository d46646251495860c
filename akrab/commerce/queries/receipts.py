"""One receipt as a person reads it, with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from akrab.commerce.models import Receipt, ReceiptLine, ReceiptVersion, Tender
from akrab.commerce.queries.withholding import withhold
from akrab.platform.actor import Actor
from akrab.platform.operation import require
from akrab.platform.queries.stories import Happening, happenings
from akrab.platform.refusal import NotFound

VIEW = "commerce.view_receipts"
# Corrections and claims carry the time of the sale; a refused claim has its own, and comes while people still hope.
_BEFORE, _AFTER = timedelta(days=2), timedelta(days=92)


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """A receipt with lines, tenders, documents that refer to it, what it said before corrections, and who did what."""

    receipt: Receipt
    lines: Sequence[ReceiptLine]
    tenders: Sequence[Tender]
    returns: Sequence[Receipt]
    versions: Sequence[ReceiptVersion]
    history: Sequence[Happening]

    @property
    def can_be_claimed(self) -> bool:
        one = self.receipt
        return one.customer_id is None and not one.is_withheld and one.is_purchase and one.status == Receipt.Status.COUNTED


def get_receipt(*, by: Actor, receipt_id: UUID) -> ReceiptSheet:
    """The receipt of an id."""
    require(by, VIEW)
    rows = Receipt.objects.visible_to(by).select_related("branch", "customer", "original")
    receipt = rows.filter(pk=receipt_id).first()
    if receipt is None:
        raise NotFound
    withhold(by, [receipt])
    return ReceiptSheet(
        receipt,
        list(receipt.lines.select_related("product").order_by("line")),
        list(receipt.tenders.order_by("position")),
        list(Receipt.objects.visible_to(by).filter(original=receipt).order_by("occurred_at", "pk")),
        list(receipt.versions.order_by("-replaced_at", "pk")),
        happenings(
            by=by,
            may=VIEW,
            subject_kind="receipt",
            subject_id=receipt_id,
            since=receipt.occurred_at - _BEFORE,
            until=receipt.occurred_at + _AFTER,
        ),
    )
