"""What commerce holds about a customer: receipts, which stay for the books without the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.commerce.operations.summarizing import summarize_purchases
from akrab.platform.actor import SYSTEM
from akrab.platform.bulk import fetch
from akrab.platform.holdings import Erasing, Gone, Holding, Rows, count_of, holds, rows_of, stays_in_facts
from akrab.platform.merging import recounts, repoints

_CODES = ("kind", "number", "branch", "channel", "currency", "reason")


def read_receipts(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT r.*, b.name AS branch, (SELECT jsonb_agg(to_jsonb(l) - 'receipt_id' ORDER BY l.line) FROM commerce_receiptline l "
        "WHERE l.receipt_id = r.id) AS lines FROM commerce_receipt r JOIN commerce_branch b ON b.id = r.branch_id "
        "WHERE r.customer_id = %s ORDER BY r.occurred_at, r.id",
        [customer_id],
    )


def erase_receipts(erasing: Erasing) -> Gone:
    """Receipts become anonymous; earlier versions of them too, and their images in the journal."""
    one = erasing.customer_id
    nobody = '{"customer_id": null, "customer_from": "", "attributes": {}}'
    fetch(
        "UPDATE commerce_receiptversion SET content = content || %s::jsonb WHERE content->>'customer_id' = %s", [nobody, str(one)]
    )
    fetch(
        "UPDATE platform_journalrow SET before = before || %s::jsonb "
        "WHERE relation = 'commerce_receipt' AND before->>'customer_id' = %s",
        [nobody, str(one)],
    )
    cleaned = count_of(
        "UPDATE commerce_receipt SET customer_id = NULL, customer_from = '', attributes = '{}', "
        "changed_xid = pg_current_xact_id()::text::bigint WHERE customer_id = %s",
        [one],
    )
    return Gone(cleaned=cleaned, kept=cleaned)


repoints("commerce_receipt", title=_("Receipts, returns included"), renews="changed_xid = pg_current_xact_id()::text::bigint")


@recounts
def summarize_merged(customer_ids: Sequence[UUID], at: datetime) -> None:
    """The survivor's purchases are those of all from the moment of the merge."""
    summarize_purchases(by=SYSTEM, customer_ids=customer_ids, at=at)


for _kind in ("recorded", "corrected", "voided", "claimed"):
    stays_in_facts(f"commerce.receipt_{_kind}", *_CODES)
stays_in_facts("commerce.return_linked", "number")
stays_in_facts("commerce.returned_changed", "number")
stays_in_facts("commerce.claim_refused", "reason")

holds(
    Holding(
        "commerce.receipts",
        _("Receipts"),
        ("commerce_receipt", "commerce_receiptversion"),
        read_receipts,
        erase_receipts,
        keeps=_("The receipts stay without the person: books and tax records are kept for ten years (UU 8/1997, UU 28/2007)."),
        order=20,
    )
)
