"""What a merge would do, before it is done, and what it did."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.queries.identity import survivor_of
from akrab.customers.queries.profiles import get_customer
from akrab.customers.queries.showing import closed_fields, cover
from akrab.customers.queries.timeline import Entry
from akrab.customers.tables.identity import Merge
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.fields import stored_fields
from akrab.platform.customizing.values import said
from akrab.platform.customizing.writing import names_of
from akrab.platform.merging import repointed
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound
from akrab.platform.rights.history import seen_payloads

OWN = ["customers.customers_merged", "customers.merge_undone", "customers.stage_changed"]
UNDO_WITHIN = timedelta(days=30)
FIELDS: Mapping[str, str | Promise] = {
    "display_name": _("Name"),
    "honorific": _("Title"),
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "city": _("City"),
    "country": _("Country"),
    "born_on": _("Born on"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of one customer in a field; `is_taken` is what would be kept unless somebody chooses otherwise."""

    customer_id: UUID
    value: str | date | None
    is_taken: bool


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field in which they differ, side by side."""

    name: str
    title: str | Promise
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Customers side by side, the survivor first: what differs, what is the same, how much each would bring along."""

    survivor: Customer
    others: list[Customer]
    lines: list[FieldLine]
    same: list[FieldLine]
    moves: list[tuple[str | Promise, list[int]]]

    @property
    def members(self) -> list[Customer]:
        return [self.survivor, *self.others]


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge as it was done; `later` are the facts that the survivor gathered since and would keep after an undo."""

    id: UUID
    survivor_id: UUID
    survivor_name: str
    merged_at: datetime
    who: str
    reason: str
    evidence: Mapping[str, Any]
    entry_id: UUID | None
    undone_at: datetime | None
    others: list[Customer]
    moved: int
    later: list[Entry]

    @property
    def may_undo(self) -> bool:
        return self.undone_at is None and self.entry_id is not None and now() - self.merged_at <= UNDO_WITHIN


def preview_merge(*, by: Actor, survivor_id: UUID, other_ids: Sequence[UUID]) -> MergePreview:
    """What merging would keep and move; fields that the actor cannot see are not shown."""
    require(by, "customers.merge_customers")
    ids = list(dict.fromkeys([survivor_id, *other_ids]))
    members = [get_customer(by=by, customer_id=one) for one in ids]
    closed = closed_fields(by)
    lines: list[FieldLine] = []
    same: list[FieldLine] = []
    for name, title in FIELDS.items():
        values = [getattr(one, name) for one in members]
        if name in closed or not any(values):
            continue
        taken = next(place for place, value in enumerate(values) if value)
        cells = [Cell(one.pk, value, place == taken) for place, (one, value) in enumerate(zip(members, values, strict=True))]
        (same if len(set(values)) == 1 else lines).append(FieldLine(name, title, cells))
    for custom in [one for one in stored_fields(CUSTOMER.name) if one.name not in closed]:
        kept = [one.custom.get(custom.key) for one in members]
        first = next((n for n, value in enumerate(kept) if value is not None), None)
        if first is not None:
            names = names_of([(custom, value) for value in kept], by=by)
            cells = [
                Cell(one.pk, said(custom, value, names), n == first)
                for n, (one, value) in enumerate(zip(members, kept, strict=True))
            ]
            is_same = all(value == kept[0] for value in kept)
            (same if is_same else lines).append(FieldLine(custom.name, custom.title, cells))
    bought: list[tuple[str | Promise, list[int]]] = [(_("Purchases"), [one.purchase_count for one in members])]
    if "purchases" in closed:
        bought = []
    return MergePreview(members[0], members[1:], lines, same, [*bought, *_moves(ids)])


def get_merge(*, by: Actor, merge_id: UUID) -> Merged:
    """One merge, for whoever may see the survivor."""
    require(by, "customers.view_customers")
    merge = Merge.objects.filter(pk=merge_id).first()
    if merge is None:
        raise NotFound
    survivor = get_customer(by=by, customer_id=survivor_of(merge.survivor_id))
    others = list(
        Customer.objects.unscoped().defer("search")
        .filter(pk__in=merge.identities.values_list("customer_id", flat=True)).order_by("name_key", "pk")
    )  # fmt: skip
    cover(by, others)
    return Merged(
        merge.pk,
        survivor.pk,
        survivor.display_name,
        merge.merged_at,
        merge.actor_label,
        merge.reason,
        merge.evidence,
        merge.entry_id,
        merge.undone_at,
        others,
        merge.moves.count(),
        _later(merge, by=by),
    )


def merges_of(*, by: Actor, customer_id: UUID) -> list[Merge]:
    """The merges that made a customer, latest first."""
    get_customer(by=by, customer_id=customer_id)
    return list(Merge.objects.filter(survivor_id=customer_id).order_by("-merged_at", "-pk")[:20])


def _later(merge: Merge, *, by: Actor) -> list[Entry]:
    rows = fetch(
        "SELECT id, kind, occurred_at, recorded_at, payload, actor_label, entrance FROM platform_fact "
        "WHERE customer_id = %(survivor)s AND recorded_at > (SELECT max(m.recorded_at) FROM platform_fact m "
        "WHERE m.customer_id = %(survivor)s AND m.kind = 'customers.customers_merged' AND m.payload->>'merge_id' = %(merge)s) "
        "AND recorded_at <= coalesce(%(until)s, clock_timestamp()) AND kind <> ALL(%(own)s) "
        "ORDER BY recorded_at DESC, id DESC LIMIT 50",
        {"survivor": merge.survivor_id, "merge": str(merge.pk), "until": merge.undone_at, "own": OWN},
    )
    payloads = seen_payloads(by, [(row[1], json.loads(row[4])) for row in rows])
    return [Entry(row[0], row[1], row[2], row[3], payload, row[5], row[6]) for row, payload in zip(rows, payloads, strict=True)]


def _moves(ids: Sequence[UUID]) -> list[tuple[str | Promise, list[int]]]:
    """How many rows of each kind name each customer; kinds that nobody has are left out."""
    counted: dict[str, tuple[str | Promise, dict[UUID, int]]] = {}
    parts: list[tuple[str | Promise, str, str, str]] = [(_("Identifiers"), "customers_identifier", "customer_id", "true")]
    parts += [(_("Relationships"), "customers_relationship", column, "true") for column in ("customer_id", "other_id")]
    parts += [(one.title, one.table, one.column, one.only) for one in repointed()]
    for title, table, column, only in parts:
        found = fetch(
            f'SELECT t."{column}", count(*) FROM {table} t WHERE t."{column}" = ANY(%s) AND {only} GROUP BY 1', [list(ids)]
        )
        known = counted.setdefault(str(title), (title, {}))[1]
        for one, count in found:
            known[one] = known.get(one, 0) + count
    return [(title, [known.get(one, 0) for one in ids]) for title, known in counted.values() if known]
