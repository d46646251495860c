"""What this room holds about a customer: the record and all that hangs on it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.models import CUSTOMER
from akrab.platform.bulk import fetch
from akrab.platform.customizing.writing import links_follow
from akrab.platform.holdings import Erasing, Gone, Holding, Rows, count_of, holds, mentions_others, rows_of, stays_in_facts
from akrab.platform.merging import keeps, repoints

_KEPT_REQUESTS = _("That a request was made, decided and answered stays without its texts, as proof (UU 27/2022, article 31).")
_KEPT_TOMBSTONES = _("A keyed hash of each identifier stays, so that the person is not taken in again unasked.")


def reading(sql: str, *, times: int = 1) -> Callable[[UUID], Rows]:
    """A function that reads the rows of a customer with a statement that names them `times` times."""
    return lambda customer_id: rows_of(sql, [customer_id] * times)


def removing(*statements: str, times: int = 1) -> Callable[[Erasing], Gone]:
    """A function that deletes a customer's rows; each statement names the customer `times` times."""

    def erase(erasing: Erasing) -> Gone:
        return Gone(removed=sum(count_of(sql, [erasing.customer_id] * times) for sql in statements))

    return erase


def erase_requests(erasing: Erasing) -> Gone:
    cleaned = count_of(
        "UPDATE customers_privacyrequest SET details = '', identity_how = '', answer = '', came_by = '', "
        "reason = CASE WHEN decision = 'refused' THEN '-' ELSE '' END WHERE customer_id = %s",
        [erasing.customer_id],
    )
    return Gone(cleaned=cleaned, kept=cleaned)


def erase_record(erasing: Erasing) -> Gone:
    """The record itself, and the words of the name that nobody else has."""
    rows = fetch(
        "SELECT array_agg(w) FROM customers_customer, regexp_split_to_table(name_key, '[^[:alpha:]]+') AS w "
        "WHERE id = %s AND length(w) >= 3",
        [erasing.customer_id],
    )
    links_follow(CUSTOMER.name, [erasing.customer_id], None, at=erasing.at)
    removed = count_of("DELETE FROM customers_customer WHERE id = %s", [erasing.customer_id])
    words = count_of(
        "DELETE FROM customers_nameword n WHERE n.word = ANY(%s) AND NOT EXISTS (SELECT 1 FROM customers_customer c "
        "WHERE c.search LIKE '%%' || n.word || '%%' AND c.name_key ~ ('\\m' || n.word || '\\M'))",
        [rows[0][0] or []],
    )
    return Gone(removed=removed + words)


def read_tombstones(customer_id: UUID) -> Rows:
    return []


def keep_tombstones(erasing: Erasing) -> Gone:
    return Gone(kept=int(fetch("SELECT count(*) FROM customers_tombstone WHERE erasure_id = %s", [erasing.erasure_id])[0][0]))


stays_in_facts("customers.customer_registered", "kind", "through")
stays_in_facts("customers.identifiers_added", "kinds")
stays_in_facts("customers.identifier_removed", "kind")
stays_in_facts("customers.stage_changed", "before", "after")
stays_in_facts("customers.relationship_changed", "kind")
stays_in_facts("customers.review_settled", "kind")
stays_in_facts("customers.consent_recorded", "channel", "purpose", "state", "source")
stays_in_facts("customers.privacy_requested", "kind")
stays_in_facts("customers.privacy_request_handled", "identity", "assignee")
stays_in_facts("customers.privacy_request_closed", "kind", "decision")
mentions_others("customers.relationship_changed", "other_name")

stays_in_facts("customers.customers_merged", "reason")

_FOUND_ANEW = "pairs among the merged are settled by the merge; the next scan finds the others anew"
BY_MERGE = "the merge itself moves or closes these rows, with the identity map"
repoints("customers_accountmember", title=_("Account team"), unique=("person_id",))
repoints("customers_reviewitem", title=_("Evidence to review"), unique=("kind", "evidence_key"))
repoints("customers_reviewitem", "other_id", title=_("Evidence to review"))
repoints("customers_restriction", title=_("Restrictions"), unique=(), only="t.until IS NULL")
repoints("customers_retentionproposal", title=_("Retention proposals"), unique=("rule_id",))
repoints("customers_privacyrequest", title=_("Privacy requests"))
keeps("customers_identifier", why=BY_MERGE)
keeps("customers_relationship", why=BY_MERGE)
keeps("customers_relationship", "other_id", why=BY_MERGE)
keeps("customers_customer", "merged_into_id", why=BY_MERGE)
keeps("customers_merge", "survivor_id", why=BY_MERGE)
keeps("customers_identity", why=BY_MERGE)
keeps("customers_identity", "survivor_id", why=BY_MERGE)
keeps("customers_consentevent", why="consent is never changed; the strictest answer is said anew for the survivor")
keeps("customers_duplicate", "a_id", why=_FOUND_ANEW)
keeps("customers_duplicate", "b_id", why=_FOUND_ANEW)
keeps("customers_trait", why="measures are computed; the next refresh counts the survivor as one")
keeps("customers_erasure", why="who was erased cannot be merged")

holds(
    Holding(
        "customers.identity",
        _("Merges"),
        ("customers_merge", "customers_identity", "customers_mergemove"),
        reading("SELECT * FROM customers_identity WHERE customer_id = %s OR survivor_id = %s ORDER BY valid_from, id", times=2),
        removing(
            "DELETE FROM customers_mergemove m USING customers_merge g WHERE g.id = m.merge_id AND (g.survivor_id = %s "
            "OR EXISTS (SELECT 1 FROM customers_identity i WHERE i.merge_id = g.id AND i.customer_id = %s))",
            "DELETE FROM customers_identity WHERE customer_id = %s OR survivor_id = %s",
            "DELETE FROM customers_merge WHERE survivor_id = %s AND survivor_id = %s",
            times=2,
        ),
    ),
    Holding(
        "customers.duplicates",
        _("Pairs that look like one customer"),
        ("customers_duplicate",),
        reading("SELECT * FROM customers_duplicate WHERE a_id = %s OR b_id = %s ORDER BY id", times=2),
        removing("DELETE FROM customers_duplicate WHERE a_id = %s OR b_id = %s", times=2),
    ),
    Holding(
        "customers.relationships",
        _("Relationships"),
        ("customers_relationship",),
        reading("SELECT * FROM customers_relationship WHERE customer_id = %s OR other_id = %s ORDER BY id", times=2),
        removing("DELETE FROM customers_relationship WHERE customer_id = %s OR other_id = %s", times=2),
    ),
    Holding(
        "customers.reviews",
        _("Evidence to review"),
        ("customers_reviewitem",),
        reading("SELECT * FROM customers_reviewitem WHERE customer_id = %s OR other_id = %s ORDER BY id", times=2),
        removing("DELETE FROM customers_reviewitem WHERE customer_id = %s OR other_id = %s", times=2),
    ),
    Holding(
        "customers.consents",
        _("Consent"),
        ("customers_consentevent",),
        reading("SELECT * FROM customers_consentevent WHERE customer_id = %s ORDER BY at, id"),
        removing("DELETE FROM customers_consentevent WHERE customer_id = %s"),
    ),
    Holding(
        "customers.traits",
        _("Measures and scores"),
        ("customers_trait",),
        reading("SELECT * FROM customers_trait WHERE customer_id = %s ORDER BY name"),
        removing("DELETE FROM customers_trait WHERE customer_id = %s"),
    ),
    Holding(
        "customers.account_team",
        _("People who work for the customer"),
        ("customers_accountmember",),
        reading("SELECT role, since FROM customers_accountmember WHERE customer_id = %s ORDER BY since, id"),
        removing("DELETE FROM customers_accountmember WHERE customer_id = %s"),
    ),
    Holding(
        "customers.restrictions",
        _("Restrictions and retention proposals"),
        ("customers_restriction", "customers_retentionproposal"),
        reading("SELECT * FROM customers_restriction WHERE customer_id = %s ORDER BY since, id"),
        removing(
            "DELETE FROM customers_restriction WHERE customer_id = %s",
            "DELETE FROM customers_retentionproposal WHERE customer_id = %s",
        ),
    ),
    Holding(
        "customers.requests",
        _("Privacy requests"),
        ("customers_privacyrequest",),
        reading("SELECT * FROM customers_privacyrequest WHERE customer_id = %s ORDER BY received_at, id"),
        erase_requests,
        keeps=_KEPT_REQUESTS,
    ),
    Holding(
        "customers.identifiers",
        _("Identifiers"),
        ("customers_identifier",),
        reading("SELECT * FROM customers_identifier WHERE customer_id = %s ORDER BY kind, key"),
        removing("DELETE FROM customers_identifier WHERE customer_id = %s"),
    ),
    Holding(
        "customers.tombstones",
        _("Tombstones"),
        ("customers_tombstone", "customers_erasure"),
        read_tombstones,
        keep_tombstones,
        keeps=_KEPT_TOMBSTONES,
    ),
    Holding(
        "customers.record",
        _("The record of the customer"),
        ("customers_customer", "customers_nameword"),
        reading("SELECT * FROM customers_customer WHERE id = %s"),
        erase_record,
        order=70,
    ),
)
