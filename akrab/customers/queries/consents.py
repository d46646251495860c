"""What a customer agreed to, now or at any past moment, and the purposes that one can agree to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from akrab.customers.queries.profiles import get_customer
from akrab.customers.tables.consent import ConsentEvent, Purpose, Wording
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require

_LATEST = """
SELECT DISTINCT ON (e.channel, e.purpose_id) e.id, e.customer_id, e.channel, e.purpose_id,
    CASE WHEN e.state = 'granted' AND e.until <= %(at)s THEN 'expired' ELSE e.state END, e.at, e.until, e.evidence
FROM customers_consentevent e WHERE e.customer_id = %(customer)s AND e.at <= %(at)s
ORDER BY e.channel, e.purpose_id, e.at DESC, e.id DESC
"""


@dataclass(frozen=True, slots=True)
class ConsentState:
    """The state of one channel and purpose of a customer at a moment, with the event that it rests on."""

    event_id: UUID
    customer_id: UUID
    channel: str
    purpose: str
    state: str
    since: datetime
    until: datetime | None
    evidence: str


def consents_of(*, by: Actor, customer_id: UUID, at: datetime) -> list[ConsentState]:
    """What a customer had agreed to at a moment; a channel and purpose that never came up is not in the list."""
    get_customer(by=by, customer_id=customer_id)
    return [ConsentState(*row) for row in fetch(_LATEST, {"customer": customer_id, "at": at})]


def consent_history(*, by: Actor, customer_id: UUID, size: int = 100) -> list[ConsentEvent]:
    """The events of a customer, newest first, each with its proof."""
    get_customer(by=by, customer_id=customer_id)
    found = ConsentEvent.objects.filter(customer_id=customer_id).select_related("purpose").order_by("-at", "-pk")
    return list(found[:size])


def purposes(*, by: Actor, only_active: bool = True) -> list[Purpose]:
    """What data are used for, in the order that the company gave them."""
    require(by, "customers.view_customers")
    found = Purpose.objects.filter(is_active=True) if only_active else Purpose.objects.all()
    return list(found.order_by("place", "code"))


def wordings(*, by: Actor, purpose: str = "") -> list[Wording]:
    """The sentences that people agreed to, newest version first."""
    require(by, "customers.view_customers")
    found = Wording.objects.filter(purpose_id=purpose) if purpose else Wording.objects.all()
    return list(found.order_by("purpose__place", "purpose_id", "-version", "language"))


def newest_wordings(*, by: Actor, language: str) -> dict[str, tuple[int, str]]:
    """The version and text in force of every purpose, in a language."""
    require(by, "customers.view_customers")
    rows = fetch(
        "SELECT DISTINCT ON (purpose_id) purpose_id, version, text FROM customers_wording WHERE language = %s "
        "ORDER BY purpose_id, version DESC",
        [language],
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def known_wordings(codes: Sequence[str]) -> set[tuple[str, int, str]]:
    """(purpose, version, language) of the wordings of these purposes."""
    rows = fetch("SELECT purpose_id, version, language FROM customers_wording WHERE purpose_id = ANY(%s)", [list(codes)])
    return {(row[0], row[1], row[2]) for row in rows}
