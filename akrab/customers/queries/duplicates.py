"""The queue of pairs that look like one customer, with the evidence in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.queries.likely import thresholds
from akrab.customers.queries.showing import closed_fields, cover
from akrab.customers.tables.duplicates import Duplicate, DuplicateRule
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.rights.conditions import EVERYTHING, as_q
from akrab.platform.rights.limits import limit

MAY = "customers.merge_customers"
_CLOSED_BY = {"phone": "phone", "email": "email", "born": "born_on", "address": "address", "city": "city"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One compared field in words, with a tone: success speaks for one person, danger against."""

    words: str | Promise
    tone: str


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two customers side by side."""

    id: UUID
    a: Customer
    b: Customer
    bits: float
    is_sure: bool
    status: str
    found_at: datetime
    evidence: list[Evidence]
    raw: Sequence[Mapping[str, Any]]


def open_duplicates(*, by: Actor, after: Sequence[Any] = (), limit_to: int = 50) -> tuple[list[DuplicatePair], list[Any] | None]:
    """Open pairs after a place, likeliest first, and the place of the next; only pairs of which the actor may see both."""
    require(by, MAY)
    rows = Duplicate.objects.filter(status="open", a__trashed_at=None, b__trashed_at=None).select_related("a", "b")
    mine = limit(by, CUSTOMER.name)
    if mine != EVERYTHING:
        rows = rows.filter(as_q(mine, through="a__"), as_q(mine, through="b__"))
    if after:
        bits, last = float(after[0]), UUID(after[1])
        rows = rows.filter(bits__lte=bits).exclude(bits=bits, pk__gte=last)
    found = list(rows.defer("a__search", "b__search").order_by("-bits", "-pk")[: limit_to + 1])
    place = [found[limit_to - 1].bits, str(found[limit_to - 1].pk)] if len(found) > limit_to else None
    return _told(found[:limit_to], by=by), place


def duplicates_of(*, by: Actor, customer_id: UUID) -> list[DuplicatePair]:
    """The open pairs of one customer."""
    require(by, MAY)
    rows = Duplicate.objects.filter(status="open", a__trashed_at=None, b__trashed_at=None).select_related("a", "b")
    mine = limit(by, CUSTOMER.name)
    rows = rows.filter(as_q(mine, through="a__"), as_q(mine, through="b__")) if mine != EVERYTHING else rows
    both = [*rows.filter(a_id=customer_id)[:10], *rows.filter(b_id=customer_id)[:10]]
    return _told(sorted(both, key=lambda one: -one.bits)[:10], by=by)


def _told(found: Iterable[Duplicate], *, by: Actor) -> list[DuplicatePair]:
    sure = thresholds()[1]
    closed = closed_fields(by)
    pairs = []
    for one in found:
        cover(by, [one.a, one.b])
        seen = [each for each in one.evidence if _CLOSED_BY.get(each["field"], "") not in closed]
        bits = one.bits if len(seen) == len(one.evidence) else round(sum(each["bits"] for each in seen), 2)
        pairs.append(
            DuplicatePair(
                one.pk, one.a, one.b, bits, one.bits >= sure, one.status, one.found_at, [in_words(each) for each in seen], seen
            )
        )
    return pairs


def in_words(evidence: Mapping[str, Any]) -> Evidence:
    """What one compared field says."""
    values = {"field": DuplicateRule.Compare(evidence["field"]).label}
    match evidence["level"]:
        case 2:
            return Evidence(_("%(field)s is the same") % values, "success")
        case 1:
            return Evidence(_("%(field)s is similar") % values, "info")
        case _:
            return Evidence(_("%(field)s differs") % values, "warning")


def all_rules(*, by: Actor) -> list[DuplicateRule]:
    """Every rule, persons first; for whoever may change them."""
    require(by, "customers.manage_duplicates")
    order = list(DuplicateRule.Compare.values)
    return sorted(DuplicateRule.objects.all(), key=lambda one: (one.kind == "company", order.index(one.field)))


def last_scan(*, by: Actor) -> datetime | None:
    """When all customers were compared last."""
    require(by, MAY)
    rows = fetch("SELECT max(occurred_at) FROM platform_fact WHERE kind = 'customers.duplicates_found'")
    found: datetime | None = rows[0][0]
    return found
