"""What the kernel holds about a customer: the fact log, the journal, kept answers, imports, shares."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.cleaning import clean_facts, clean_imports, clean_journal, clean_parked, forget_answers
from akrab.platform.holdings import Erasing, Gone, Holding, Rows, count_of, holds, rows_of
from akrab.platform.listing.forgetting import forget_in_lists
from akrab.platform.merging import keeps, repoints
from akrab.platform.operations.proposals import erase_proposals


def read_facts(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT kind, occurred_at, recorded_at, actor_label, entrance, source, payload FROM platform_fact "
        "WHERE customer_id = %s ORDER BY occurred_at, id",
        [customer_id],
    )


def read_journal(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT e.at, e.actor_label, r.relation, r.kind, r.before, r.after FROM platform_journalrow r "
        "JOIN platform_journalentry e ON e.id = r.entry_id WHERE r.owner_id = %s ORDER BY r.entry_id, r.seq",
        [customer_id],
    )


def read_shares(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT level, created_at, ended_at FROM platform_share WHERE record_id = %s ORDER BY created_at", [customer_id]
    )


def read_nothing(customer_id: UUID) -> Rows:
    return []


def erase_facts(erasing: Erasing) -> Gone:
    return Gone(cleaned=clean_facts(erasing))


def erase_shares(erasing: Erasing) -> Gone:
    return Gone(removed=count_of("DELETE FROM platform_share WHERE record_id = %s", [erasing.customer_id]))


repoints(
    "platform_share", "record_id", title=_("Shares"), unique=("person_id", "team_id"),
    only="t.object = 'customers.customer' AND t.ended_at IS NULL",
)  # fmt: skip
keeps("platform_fact", why="history is never rewritten; it is read through the identity map")


def clean_deliveries(erasing: Erasing) -> Gone:
    """What a receiver answered to a fact about the person may repeat it."""
    return Gone(
        cleaned=count_of(
            "UPDATE platform_webhookdelivery SET answer = '' WHERE answer <> '' AND (fact_id, occurred_at) IN "
            "(SELECT id, occurred_at FROM platform_fact WHERE customer_id = %s)",
            [erasing.customer_id],
        )
    )


def read_proposals(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT kind, payload, seen, reason, status, made_at FROM platform_proposal WHERE customer_id = %s", [customer_id]
    )


def erase_what_agents_kept(erasing: Erasing) -> Gone:
    return Gone(removed=erase_proposals(erasing.customer_id, erasing.texts))


def forget_in_saved_lists(erasing: Erasing) -> Gone:
    return Gone(cleaned=forget_in_lists(erasing.customer_id, erasing.texts))


repoints("platform_proposal", "customer_id", title=_("Proposals"))
holds(
    Holding(
        "platform.proposals",
        _("Proposals of agents"),
        ("platform_proposal", "platform_agentcall"),
        read_proposals,
        erase_what_agents_kept,
        order=40,
    ),
    Holding(
        "platform.lists",
        _("Saved views and changes of many"),
        ("platform_savedview", "platform_bulkrun"),
        read_nothing,
        forget_in_saved_lists,
        order=45,
    ),
    Holding(
        "platform.webhooks",
        _("Answers of webhooks"),
        ("platform_webhookdelivery",),
        read_nothing,
        clean_deliveries,
        keeps=_("That a fact was sent, and when, stays for 30 days; what was sent is not kept."),
        order=45,
    ),
    Holding("platform.shares", _("Shares of the record"), ("platform_share",), read_shares, erase_shares, order=40),
    Holding(
        "platform.journal",
        _("Journal with before-images"),
        ("platform_journalentry", "platform_journalrow", "platform_journalleft"),
        read_journal,
        clean_journal,
        keeps=_("Who did what and when stays without the name, as the record of processing (UU 27/2022, article 31)."),
        order=80,
    ),
    Holding(
        "platform.parked",
        _("Reasons of parked facts"),
        ("platform_parkedfact",),
        read_nothing,
        clean_parked,
        order=81,
    ),
    Holding(
        "platform.facts",
        _("Fact log"),
        ("platform_fact", "platform_factcleaning"),
        read_facts,
        erase_facts,
        keeps=_("That something happened, when, and amounts stay without the person, so that sums of the books do not change."),
        order=82,
    ),
    Holding(
        "platform.answers",
        _("Answers kept for repeated requests"),
        ("platform_idempotencykey",),
        read_nothing,
        forget_answers,
        order=83,
    ),
    Holding(
        "platform.imports",
        _("Files of imports and their error files"),
        ("platform_import",),
        read_nothing,
        clean_imports,
        keeps=_("Files of imports that wait or run stay until they are done."),
        order=84,
    ),
)
