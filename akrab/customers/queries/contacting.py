"""May we contact: one answer per customer for a channel and purpose at a moment, with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from akrab.customers.models import CUSTOMER
from akrab.customers.queries.identifying import key_of, owners_and_blocked
from akrab.customers.tables.consent import Channel, Purpose
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.refusal import Invalid
from akrab.platform.rights.limits import where

REASONS: dict[str, str | Promise] = {
    "consent": _("Consent was granted."),
    "contract": _("The contract is the legal basis; nobody objected."),
    "legal_obligation": _("A legal obligation is the basis."),
    "vital_interest": _("A vital interest is the basis."),
    "public_interest": _("A public interest is the basis; nobody objected."),
    "legitimate_interest": _("A legitimate interest is the basis; nobody objected."),
    "unknown": _("There is no such customer, or not visible to you."),
    "erased": _("This person was erased."),
    "restricted": _("Processing of this customer's data is restricted."),
    "no_consent": _("No consent for this channel and purpose."),
    "withdrawn": _("Consent was withdrawn, or the customer objected."),
    "expired": _("Consent has expired."),
    "no_address": _("No address for this channel."),
    "blocked_value": _("The address of this channel is blocked."),
}
_KINDS = {"email": ["email"], "whatsapp": ["whatsapp", "phone"], "sms": ["phone"], "phone": ["phone"], "push": ["device"]}
_COLUMN = {"email": "email", "whatsapp": "phone", "sms": "phone", "phone": "phone", "post": "address"}
_BINDING = frozenset({"legal_obligation", "vital_interest"})

_STATES = """
SELECT w.id, c.id IS NOT NULL,
    c.id IS NULL AND EXISTS (SELECT 1 FROM customers_erasure x WHERE x.customer_id = w.id AND x.at <= %(at)s),
    EXISTS (SELECT 1 FROM customers_restriction r
        WHERE r.customer_id = c.id AND r.since <= %(at)s AND (r.until IS NULL OR r.until > %(at)s)),
    e.id, CASE WHEN e.state = 'granted' AND e.until <= %(at)s THEN 'expired' ELSE e.state END,
    i.usable, i.blocked, {column}
FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS w(id, place)
LEFT JOIN customers_customer c ON c.id = w.id AND {mine}
LEFT JOIN LATERAL (
    SELECT e.id, e.state, e.until FROM customers_consentevent e
    WHERE e.customer_id = c.id AND e.channel = %(channel)s AND e.purpose_id = %(purpose)s AND e.at <= %(at)s
    ORDER BY e.at DESC, e.id DESC LIMIT 1
) e ON true
LEFT JOIN LATERAL (
    SELECT bool_or(b.kind IS NULL) AS usable, bool_or(b.kind IS NOT NULL) AS blocked
    FROM customers_identifier i LEFT JOIN customers_blockedidentifier b ON b.kind = i.kind AND b.key = i.key
    WHERE i.customer_id = c.id AND i.kind = ANY(%(kinds)s)
) i ON true
ORDER BY w.place
"""


@dataclass(frozen=True, slots=True)
class MayContact:
    """Whether a customer may be contacted, why, and the consent event that the answer rests on."""

    customer_id: UUID
    allowed: bool
    reason: str
    event_id: UUID | None = None

    @property
    def words(self) -> str:
        return str(REASONS[self.reason])


def may_contact(*, by: Actor, customer_ids: Sequence[UUID], channel: str, purpose: str, at: datetime) -> list[MayContact]:
    """One answer per customer, in order, as things stood at a moment; addresses are those of now."""
    require(by, "customers.view_customers")
    basis = _basis(channel, purpose)
    mine, values = where(by, CUSTOMER.name, "c")
    column = f"c.{_COLUMN[channel]}" if channel in _COLUMN else "''"
    values |= {"ids": list(customer_ids), "at": at, "channel": channel, "purpose": purpose, "kinds": _KINDS.get(channel, [])}
    rows = fetch(_STATES.replace("{column}", column).replace("{mine}", mine), values)
    blocked = _blocked(channel, rows)
    return [_answer(row, channel, basis, blocked=blocked) for row in rows]


def _basis(channel: str, purpose: str) -> str:
    if channel not in Channel.values:
        raise Invalid({"channel": str(_("One of: %(names)s.") % {"names": ", ".join(Channel.values)})})
    found = Purpose.objects.filter(pk=purpose, is_active=True).first()
    if found is None:
        raise Invalid({"purpose": str(_("There is no such purpose in use."))})
    return found.basis


def _blocked(channel: str, rows: Sequence[tuple[Any, ...]]) -> frozenset[tuple[str, str]]:
    """Blocked keys among addresses that stand in the record only."""
    if channel not in {"email", "whatsapp", "sms", "phone"}:
        return frozenset()
    keys = {key_of(_COLUMN[channel], row[8]) for row in rows if row[1] and not row[6] and row[8]}
    return owners_and_blocked(key for key in keys if key)[1]


def _answer(row: tuple[Any, ...], channel: str, basis: str, *, blocked: frozenset[tuple[str, str]]) -> MayContact:
    customer, known, erased, restricted, event, state, usable, has_blocked, address = row
    reason = ""
    if erased:
        reason = "erased"
    elif not known:
        reason, event = "unknown", None
    elif restricted and basis not in _BINDING:
        reason = "restricted"
    elif basis == "consent" and state != "granted":
        reason = state or "no_consent"
    elif basis not in _BINDING and state == "withdrawn":
        reason = "withdrawn"
    elif not usable:
        reason = _address_problem(channel, address, has_blocked=bool(has_blocked), blocked=blocked)
    return MayContact(customer, not reason, reason or basis, event)


def _address_problem(channel: str, address: str, *, has_blocked: bool, blocked: frozenset[tuple[str, str]]) -> str:
    if not address:
        return "blocked_value" if has_blocked else "no_address"
    if channel == "post":
        return ""
    key = key_of(_COLUMN[channel], address)
    if key is None:
        return "no_address"
    return "blocked_value" if key in blocked or has_blocked else ""
