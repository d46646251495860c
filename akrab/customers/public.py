"""The door of the customers room."""

from akrab.customers.facts import (
    CustomerEdited,
    CustomerRegistered,
    CustomersMerged,
    ErasureCompleted,
    MergeUndone,
    StageChanged,
)
from akrab.customers.operations.consenting import ConsentMessage, record_consents
from akrab.customers.operations.deduplicating import scan_duplicates
from akrab.customers.operations.erasing import erase_customer
from akrab.customers.operations.finishing import erased_list, finish_erasures
from akrab.customers.operations.handing_out import hand_out
from akrab.customers.operations.locking import lock_customers
from akrab.customers.operations.relating import relate_customers
from akrab.customers.operations.replaying import replay_erasures
from akrab.customers.operations.resolving import Contact, resolve_contacts
from akrab.customers.operations.staging import PurchaseSummary, note_purchases
from akrab.customers.operations.traits import TraitValue, write_traits
from akrab.customers.queries.buying import buyers_are_known_by
from akrab.customers.queries.cards import CustomerCard, customer_cards
from akrab.customers.queries.contacting import may_contact
from akrab.customers.queries.exports import DUPLICATE_ROWS
from akrab.customers.queries.identifying import customers_of
from akrab.customers.queries.picking import find_customers
from akrab.customers.queries.state import state_hash

__all__ = [
    "DUPLICATE_ROWS",
    "ConsentMessage",
    "Contact",
    "CustomerCard",
    "CustomerEdited",
    "CustomerRegistered",
    "CustomersMerged",
    "ErasureCompleted",
    "MergeUndone",
    "PurchaseSummary",
    "StageChanged",
    "TraitValue",
    "buyers_are_known_by",
    "customer_cards",
    "customers_of",
    "erase_customer",
    "erased_list",
    "find_customers",
    "finish_erasures",
    "hand_out",
    "lock_customers",
    "may_contact",
    "note_purchases",
    "record_consents",
    "relate_customers",
    "replay_erasures",
    "resolve_contacts",
    "scan_duplicates",
    "state_hash",
    "write_traits",
]
