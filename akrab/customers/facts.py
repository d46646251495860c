"""What can have happened to a customer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from akrab.platform.declaring import fact


@fact("customers.customer_registered", subject="customer", at="registered_at")
class CustomerRegistered:
    """A customer became known for the first time."""

    customer_id: UUID
    registered_at: datetime
    name: str
    kind: str
    through: str = ""


@fact("customers.customer_edited", subject="customer", at="edited_at")
class CustomerEdited:
    """Fields of a customer were changed; `changes` maps a field to its old and new value."""

    customer_id: UUID
    edited_at: datetime
    changes: dict[str, list[str]]


@fact("customers.identifiers_added", subject="customer", at="added_at")
class IdentifiersAdded:
    """New identifiers now point to a customer that was known before."""

    customer_id: UUID
    added_at: datetime
    kinds: list[str]


@fact("customers.identifier_removed", subject="customer", at="removed_at")
class IdentifierRemoved:
    """An identifier does not point to this customer any more."""

    customer_id: UUID
    removed_at: datetime
    kind: str
    value: str


@fact("customers.review_settled", subject="review_item", at="settled_at")
class ReviewSettled:
    """Somebody looked at evidence that intake would not act on, and closed it."""

    review_item_id: UUID
    customer_id: UUID
    settled_at: datetime
    kind: str


@fact("customers.stage_changed", subject="customer", at="changed_at")
class StageChanged:
    """A customer's lifecycle stage changed."""

    customer_id: UUID
    changed_at: datetime
    before: str
    after: str


@fact("customers.relationship_changed", subject="customer", at="changed_at")
class RelationshipChanged:
    """A relationship between two customers was added or ended."""

    customer_id: UUID
    other_id: UUID
    changed_at: datetime
    kind: str
    ended: bool = False
    other_name: str = ""


@fact("customers.traits_written", subject="batch", at="written_at")
class TraitsWritten:
    """A set of traits was written for many customers at once."""

    written_at: datetime
    names: list[str]
    customers: int
    source: str
