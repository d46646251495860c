"""The door of commerce."""

from akrab.commerce.facts import ReceiptClaimed, ReceiptCorrected, ReceiptRecorded, ReceiptVoided, ReturnLinked
from akrab.commerce.operations.claiming import claim_receipt
from akrab.commerce.operations.closing import note_closing
from akrab.commerce.operations.receiving import Outcome, record_receipts
from akrab.commerce.queries.messages import LineMessage, ReceiptMessage, TenderMessage
from akrab.commerce.queries.state import state_hash

__all__ = [
    "LineMessage",
    "Outcome",
    "ReceiptClaimed",
    "ReceiptCorrected",
    "ReceiptMessage",
    "ReceiptRecorded",
    "ReceiptVoided",
    "ReturnLinked",
    "TenderMessage",
    "claim_receipt",
    "note_closing",
    "record_receipts",
    "state_hash",
]
