"""What can have happened in commerce."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("commerce.receipt_recorded", subject="receipt", at="occurred_at")
class ReceiptRecorded:
    """A sale, return, exchange, adjustment or void was taken in for the first time; amounts in minor units."""

    receipt_id: UUID
    customer_id: UUID | None
    occurred_at: datetime
    kind: str
    number: str
    branch: str
    channel: str
    net: int
    total: int
    currency: str
    lines: int


@fact("commerce.receipt_corrected", subject="receipt", at="occurred_at")
class ReceiptCorrected:
    """The till sent other content for a receipt that was there; the old effect is reversed."""

    receipt_id: UUID
    customer_id: UUID | None
    previous_customer_id: UUID | None
    occurred_at: datetime
    kind: str
    number: str
    branch: str
    channel: str
    net: int
    previous_net: int
    total: int
    currency: str
    lines: int


@fact("commerce.receipt_voided", subject="receipt", at="occurred_at")
class ReceiptVoided:
    """A document was voided and counts no more."""

    receipt_id: UUID
    customer_id: UUID | None
    occurred_at: datetime
    number: str
    net: int
    currency: str


@fact("commerce.receipt_taken_back", subject="receipt", at="occurred_at")
class ReceiptTakenBack:
    """An import was undone: a receipt that it brought is gone, or (`is_there`) says again what it said before the import."""

    receipt_id: UUID
    customer_id: UUID | None
    occurred_at: datetime
    taken_back_at: datetime
    kind: str
    number: str
    branch: str
    net: int
    total: int
    currency: str
    previous_customer_id: UUID | None = None
    is_there: bool = False


@fact("commerce.return_linked", subject="receipt", at="occurred_at")
class ReturnLinked:
    """A return (or exchange) found the sale that it takes goods back from; it may have been linked to somebody else's before."""

    receipt_id: UUID
    original_id: UUID
    customer_id: UUID | None
    occurred_at: datetime
    number: str
    previous_customer_id: UUID | None = None


@fact("commerce.returned_changed", subject="receipt", at="occurred_at")
class ReturnedChanged:
    """Returns took back more or less of a sale, and no link or void of its customer says so: others did it, or a correction."""

    receipt_id: UUID
    customer_id: UUID
    occurred_at: datetime
    number: str
    returned: int
    previous_returned: int
    currency: str


@fact("commerce.receipt_claimed", subject="receipt", at="occurred_at")
class ReceiptClaimed:
    """An anonymous receipt found its customer; counts as of the purchase."""

    receipt_id: UUID
    customer_id: UUID
    occurred_at: datetime
    claimed_at: datetime
    number: str
    branch: str
    net: int
    total: int
    currency: str


@fact("commerce.claim_refused", subject="receipt", at="refused_at")
class ClaimRefused:
    """Somebody tried to claim a receipt that is not theirs to claim."""

    receipt_id: UUID
    customer_id: UUID | None
    refused_at: datetime
    reason: str


@fact("commerce.product_saved", subject="product", at="saved_at")
class ProductSaved:
    """A product was created or changed."""

    product_id: UUID
    saved_at: datetime
    sku: str
    created: bool = False


@fact("commerce.category_saved", subject="category", at="saved_at")
class CategorySaved:
    """A category was created, renamed or moved."""

    category_id: UUID
    saved_at: datetime
    name: str
    created: bool = False


@fact("commerce.branch_saved", subject="branch", at="saved_at")
class BranchSaved:
    """A branch was created or changed."""

    branch_id: UUID
    saved_at: datetime
    code: str
    created: bool = False


@fact("commerce.till_closed", subject="branch", at="noted_at")
class TillClosed:
    """The till's own figures of one branch and day were noted."""

    branch_id: UUID
    business_on: date
    noted_at: datetime
    receipts: int
    total: int
    currency: str


@fact("commerce.till_closing_removed", subject="branch", at="removed_at")
class TillClosingRemoved:
    """What was noted for the till of one branch and day was taken away."""

    branch_id: UUID
    business_on: date
    removed_at: datetime
    currency: str
