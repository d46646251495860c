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


@fact("customers.customer_trashed", subject="customer", at="trashed_at")
class CustomerTrashed:
    """A customer was moved to the trash: out of lists, search and exports, and restorable."""

    customer_id: UUID
    trashed_at: datetime


@fact("customers.customer_restored", subject="customer", at="restored_at")
class CustomerRestored:
    """A customer came back from the trash."""

    customer_id: UUID
    restored_at: datetime


@fact("customers.trash_emptied", subject="batch", at="emptied_at")
class TrashEmptied:
    """Customers who lay in the trash for 30 days and whom nothing refers to were deleted for good."""

    emptied_at: datetime
    customers: int


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


@fact("customers.stage_changed", subject="customer", at="changed_at", observed=True)
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


@fact("customers.consent_recorded", subject="customer", at="at")
class ConsentRecorded:
    """A customer granted or withdrew consent for a channel and purpose, or it expired."""

    customer_id: UUID
    at: datetime
    consent_id: UUID
    channel: str
    purpose: str
    state: str
    source: str = ""


@fact("customers.purpose_saved", subject="purpose", at="saved_at")
class PurposeSaved:
    """A purpose of using data was added or changed, or got a new wording."""

    saved_at: datetime
    code: str
    wording_version: int | None = None


@fact("customers.privacy_requested", subject="customer", at="received_at")
class PrivacyRequested:
    """A customer asked for a right over their data; the clock of 3 x 24 hours runs."""

    customer_id: UUID
    received_at: datetime
    request_id: UUID
    kind: str
    due_at: datetime


@fact("customers.privacy_request_handled", subject="customer", at="at")
class PrivacyRequestHandled:
    """The identity behind a privacy request was checked, or somebody took it over."""

    customer_id: UUID
    at: datetime
    request_id: UUID
    identity: str
    assignee: str = ""


@fact("customers.privacy_request_closed", subject="customer", at="closed_at")
class PrivacyRequestClosed:
    """A privacy request was decided and answered."""

    customer_id: UUID
    closed_at: datetime
    request_id: UUID
    kind: str
    decision: str
    late: bool


@fact("customers.data_handed_out", subject="customer", at="at")
class DataHandedOut:
    """Everything that is held on a customer was written into a file for them."""

    customer_id: UUID
    at: datetime
    stores: int


@fact("customers.processing_restricted", subject="customer", at="at")
class ProcessingRestricted:
    """Processing of a customer's data was put on hold, or taken up again."""

    customer_id: UUID
    at: datetime
    lifted: bool = False


@fact("customers.customer_erased", subject="customer", at="at")
class CustomerErased:
    """A customer was erased; files and lake follow by job."""

    customer_id: UUID
    at: datetime
    erasure_id: UUID
    reason: str


@fact("customers.erasure_completed", subject="erasure", at="completed_at")
class ErasureCompleted:
    """The last store gave up an erased customer, and the receipt was signed."""

    erasure_id: UUID
    completed_at: datetime


@fact("customers.tombstone_lifted", subject="erasure", at="lifted_at")
class TombstoneLifted:
    """Somebody who was erased came back of their own wish and may be a customer again."""

    erasure_id: UUID
    lifted_at: datetime


@fact("customers.retention_changed", subject="retention", at="changed_at")
class RetentionChanged:
    """A retention rule was changed, or people decided to keep a customer that it proposed."""

    changed_at: datetime
    rule: str
    months: int
    is_active: bool
    kept: int = 0


@fact("customers.erasure_proposed", subject="retention", at="proposed_at")
class ErasureProposed:
    """A retention rule proposed customers for erasure; nothing happens until a person decides."""

    proposed_at: datetime
    rule: str
    customers: int


@fact("customers.customer_assigned", subject="customer", at="assigned_at")
class CustomerAssigned:
    """A customer was given another owner or another office (team); empty where there is none."""

    customer_id: UUID
    assigned_at: datetime
    owner_id: UUID | None = None
    owner_name: str = ""
    owner_before: str = ""
    team_id: UUID | None = None
    team_name: str = ""
    team_before: str = ""


@fact("customers.account_team_changed", subject="customer", at="changed_at")
class AccountTeamChanged:
    """A person began or ceased to work for a customer beside its owner."""

    customer_id: UUID
    changed_at: datetime
    person_id: UUID
    person_name: str
    role: str
    ended: bool = False


@fact("customers.customers_merged", subject="customer", at="merged_at")
class CustomersMerged:
    """Other customers were merged into this one; their facts are read as this customer's from now on."""

    customer_id: UUID
    merged_at: datetime
    merge_id: UUID
    merged_ids: list[str]
    reason: str = ""


@fact("customers.merge_undone", subject="customer", at="undone_at")
class MergeUndone:
    """A merge was taken back: whoever was merged is a customer of their own again."""

    customer_id: UUID
    undone_at: datetime
    merge_id: UUID
    merged_ids: list[str]


@fact("customers.duplicates_found", subject="batch", at="found_at")
class DuplicatesFound:
    """All customers were compared with each other; `pairs` look like one customer, `new` of them since the last time."""

    found_at: datetime
    pairs: int
    new: int
    sure: int


@fact("customers.duplicate_dismissed", subject="customer", at="dismissed_at")
class DuplicateDismissed:
    """Somebody said that two customers who look alike are not one."""

    customer_id: UUID
    other_id: UUID
    dismissed_at: datetime


@fact("customers.duplicate_scan_asked", subject="batch", at="asked_at")
class DuplicateScanAsked:
    """Somebody asked to compare all customers now."""

    asked_at: datetime


@fact("customers.duplicate_rules_changed", subject="batch", at="changed_at")
class DuplicateRulesChanged:
    """How duplicates are found was changed."""

    changed_at: datetime
    rule: str
