"""Taking consent events in, in lists: each once, with its proof, never changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from akrab.customers.facts import ConsentRecorded
from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.queries.consents import known_wordings
from akrab.customers.queries.identifying import Key, key_of, owners_of
from akrab.customers.tables.consent import Channel, ConsentEvent, Purpose
from akrab.platform.actor import Actor
from akrab.platform.bulk import copy_rows, fetch
from akrab.platform.facts import record
from akrab.platform.ids import new_ids
from akrab.platform.operation import operation
from akrab.platform.rights.limits import NotYoursToChange, reachable

# clocks of tills and forms are not exact
AHEAD = timedelta(hours=1)
LONGEST = {"evidence": 500, "where": 300, "user_agent": 300, "source_key": 200}


@dataclass(frozen=True, slots=True)
class ConsentMessage:
    """One consent event as an entrance says it; the customer by id, or by (kind, value) pairs that identify one.

    `evidence` says how it was given and is required for a grant; `source_key` makes the same outside event happen once.
    """

    channel: str
    purpose: str
    state: str
    customer_id: UUID | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None
    until: datetime | None = None
    evidence: str = ""
    wording_version: int | None = None
    wording_language: str = ""
    where: str = ""
    ip: str = ""
    user_agent: str = ""
    confirmed_at: datetime | None = None
    source_key: str = ""


@dataclass(frozen=True, slots=True)
class ConsentTaken:
    """What became of one message: created, unchanged (known already), or error with its code and reasons by field."""

    result: str
    customer_id: UUID | None = None
    consent_id: UUID | None = None
    code: str = ""
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


_COLUMNS = (
    "id", "customer_id", "channel", "purpose_id", "state", "at", "until", "recorded_at", "source", "source_key", "evidence",
    "wording_version", "wording_language", '"where"', "ip", "user_agent", "confirmed_at",
    "actor_kind", "actor_id", "actor_label", "entrance",
)  # fmt: skip


@operation(may="customers.edit_customers")
def record_consents(*, by: Actor, consents: Sequence[ConsentMessage], at: datetime, source: str = "") -> list[ConsentTaken]:
    """Record consent events; one result per message, in order; a bad one leaves the others alone."""
    results: list[ConsentTaken | None] = [None] * len(consents)
    codes = {code for (code,) in fetch("SELECT code FROM customers_purpose WHERE is_active")}
    known = known_wordings(sorted({one.purpose for one in consents if one.wording_version is not None}))
    owners = _customers(consents, by=by)
    mine = reachable(by, CUSTOMER.name, [one for one in owners if one], "edit")
    taken: dict[tuple[str, str], int] = {}
    rows: list[tuple[Any, ...]] = []
    facts: list[ConsentRecorded] = []
    before = _known_keys(source, [one.source_key for one in consents if one.source_key])
    ids = new_ids(len(consents))
    for index, one in enumerate(consents):
        customer = owners[index]
        errors = _errors(one, codes, known, at=at)
        if customer is None and not errors:
            errors = {"customer": str(_("No customer has this id or these identifiers."))}
        if errors:
            results[index] = ConsentTaken("error", customer, code="invalid", reason=" ".join(errors.values()), errors=errors)
            continue
        if customer not in mine:
            results[index] = ConsentTaken("error", customer, code=NotYoursToChange.code, reason=str(NotYoursToChange.message))
            continue
        key = (source, one.source_key)
        if one.source_key and (one.source_key in before or key in taken):
            results[index] = ConsentTaken("unchanged", customer, before.get(one.source_key) or ids[taken[key]])
            continue
        taken[key] = index
        moment = one.at or at
        rows.append(_row(ids[index], customer, one, moment, at=at, source=source, by=by))
        assert customer is not None
        facts.append(
            ConsentRecorded(
                customer_id=customer,
                at=moment,
                consent_id=ids[index],
                channel=one.channel,
                purpose=one.purpose,
                state=one.state,
                source=source,
            )
        )
        results[index] = ConsentTaken("created", customer, ids[index])
    copy_rows("customers_consentevent", _COLUMNS, rows)
    record(facts, by=by, source=source)
    return [result or ConsentTaken("error", code="not_taken") for result in results]


def _row(
    new: UUID, customer: UUID | None, one: ConsentMessage, moment: datetime, *, at: datetime, source: str, by: Actor
) -> tuple[Any, ...]:
    return (
        new, customer, one.channel, one.purpose, one.state, moment, one.until, at, source[:60], one.source_key,
        one.evidence.strip(), one.wording_version, one.wording_language, one.where, one.ip or None, one.user_agent,
        one.confirmed_at,
        by.kind, by.id, by.label, by.entrance,
    )  # fmt: skip


def _known_keys(source: str, keys: Sequence[str]) -> dict[str, UUID]:
    """The events of source keys that are here already; whoever records the same keys meanwhile waits."""
    if not keys:
        return {}
    fetch("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"consents of {source}"])
    rows = fetch(
        "SELECT source_key, id FROM customers_consentevent WHERE source = %s AND source_key = ANY(%s)", [source[:60], list(keys)]
    )
    return {row[0]: row[1] for row in rows}


def _customers(consents: Sequence[ConsentMessage], *, by: Actor) -> list[UUID | None]:
    keys: list[list[Key]] = [
        [key for kind, value in one.identifiers if (key := key_of(kind, value))] if one.customer_id is None else []
        for one in consents
    ]
    owners = owners_of(key for group in keys for key in group)
    found = [
        one.customer_id or next((owners[key] for key in group if key in owners), None)
        for one, group in zip(consents, keys, strict=True)
    ]
    wanted = {one for one in found if one}
    seen = set(Customer.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    return [one if one in seen else None for one in found]


def _errors(one: ConsentMessage, codes: set[str], known: set[tuple[str, int, str]], *, at: datetime) -> dict[str, str]:
    errors: dict[str, str] = {}
    if one.channel not in Channel.values:
        errors["channel"] = _("One of: %(names)s.") % {"names": ", ".join(Channel.values)}
    if one.purpose not in codes:
        errors["purpose"] = _("There is no such purpose in use.")
    if one.state not in ConsentEvent.State.values:
        errors["state"] = _("One of: %(names)s.") % {"names": ", ".join(ConsentEvent.State.values)}
    if one.state == "granted" and not one.evidence.strip():
        errors["evidence"] = _("Consent counts only with proof: say how it was given.")
    if one.wording_version is not None and (one.purpose, one.wording_version, one.wording_language) not in known:
        errors["wording_version"] = _("This purpose has no such wording in this language.")
    if one.at and one.at > at + AHEAD:
        errors["at"] = _("This has not happened yet.")
    if one.until and one.until <= (one.at or at):
        errors["until"] = _("It would end before it begins.")
    if one.ip and not _is_ip(one.ip):
        errors["ip"] = _("This is not an IP address.")
    for name, most in LONGEST.items():
        if len(getattr(one, name)) > most:
            errors[name] = _("At most %(most)s characters.") % {"most": most}
    return errors


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@operation(may="customers.manage_privacy")
def withdraw_everything(*, by: Actor, customer_id: UUID, at: datetime, evidence: str = "") -> list[ConsentTaken]:
    """Withdraw every consent that a customer has, and object to every other purpose, on every channel."""
    messages = [
        ConsentMessage(channel, purpose.code, "withdrawn", customer_id, at=at, evidence=evidence)
        for purpose in Purpose.objects.filter(is_active=True).order_by("place", "code")
        if purpose.basis in {"consent", "legitimate_interest", "public_interest"}
        for channel in Channel.values
    ]
    return record_consents(by=by, consents=messages, at=at, source=by.entrance)
