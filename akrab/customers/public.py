"""The door of the customers room."""

from akrab.customers.facts import CustomerEdited, CustomerRegistered, StageChanged
from akrab.customers.operations.locking import lock_customers
from akrab.customers.operations.relating import relate_customers
from akrab.customers.operations.resolving import Contact, resolve_contacts
from akrab.customers.operations.staging import PurchaseSummary, age_stages, note_purchases
from akrab.customers.operations.traits import TraitValue, write_traits
from akrab.customers.queries.buying import buyers_are_known_by
from akrab.customers.queries.cards import CustomerCard, customer_cards
from akrab.customers.queries.keys import identifier_key
from akrab.customers.queries.picking import find_customers
from akrab.customers.queries.state import state_hash

__all__ = [
    "Contact",
    "CustomerCard",
    "CustomerEdited",
    "CustomerRegistered",
    "PurchaseSummary",
    "StageChanged",
    "TraitValue",
    "age_stages",
    "buyers_are_known_by",
    "customer_cards",
    "find_customers",
    "identifier_key",
    "lock_customers",
    "note_purchases",
    "relate_customers",
    "resolve_contacts",
    "state_hash",
    "write_traits",
]
