"""Merging customers into one of them, and what an undo has to put back by itself; history is never rewritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import CustomersMerged, MergeUndone
from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.operations.deduplicating import reopen_pairs, settle_merged
from akrab.customers.operations.editing import EDITABLE
from akrab.customers.operations.joining_consents import join_consents, part_consents
from akrab.customers.operations.repointing import repoint, take_back_moves
from akrab.customers.tables.identity import Identity, Merge
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.fields import stored_fields
from akrab.platform.customizing.writing import kept_of_several, links_follow
from akrab.platform.facts import record
from akrab.platform.ids import new_id
from akrab.platform.journal.entries import current, note_created
from akrab.platform.merging import recount
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid, NotFound, Refusal
from akrab.platform.rights.fields import demand_editable
from akrab.platform.rights.limits import demand

MOST = 50
CHOOSABLE = tuple(name for name in EDITABLE if name != "kind")
TABLE = "customers_merge"

_HIDE = """
UPDATE customers_customer SET merged_into_id = %s, trashed_at = coalesce(trashed_at, %s), version = version + 1,
    changed_at = %s, changed_xid = pg_current_xact_id()::text::bigint
WHERE id = ANY(%s)
"""
_OWNERS_JOIN = """
INSERT INTO customers_accountmember (id, customer_id, person_id, role, since)
SELECT n.id, %(survivor)s, n.person, 'second', %(at)s FROM unnest(%(ids)s::uuid[], %(people)s::uuid[]) AS n(id, person)
ON CONFLICT DO NOTHING
"""
_PEOPLE = """
SELECT array_agg(p ORDER BY p) FROM (SELECT %s::uuid AS p
    UNION SELECT person_id FROM customers_accountmember WHERE customer_id = %s) AS who WHERE p IS NOT NULL
"""
_RELATIONSHIPS = """
WITH mine AS (
    SELECT id, customer_id, other_id, kind, CASE WHEN customer_id = ANY(%(gone)s) THEN %(survivor)s ELSE customer_id END AS a,
        CASE WHEN other_id = ANY(%(gone)s) THEN %(survivor)s ELSE other_id END AS b
    FROM customers_relationship
    WHERE customer_id = ANY(%(gone)s || %(survivor)s::uuid) OR other_id = ANY(%(gone)s || %(survivor)s::uuid)
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY a, b, kind ORDER BY (customer_id = a AND other_id = b) DESC, id) AS place FROM mine
)
"""


class AnotherKind(Refusal):
    code = "another_kind"
    status = 422
    message = _("A person and a company cannot be merged. Relate them instead.")


class MergedFurther(Refusal):
    code = "merged_further"
    message = _("The customer whom this was merged into has been merged further. Undo the later merge first.")


@operation(may="customers.merge_customers", journal=_("Merged others into %(subject)s"))
def merge_customers(
    *,
    by: Actor,
    survivor_id: UUID,
    other_ids: Sequence[UUID],
    at: datetime,
    choices: Mapping[str, UUID] | None = None,
    reason: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> CustomersMerged:
    """Make one customer of several; `choices` says of whom a field is taken, else the survivor's or the first that is not blank.

    Identifiers and what people work on follow to the survivor; facts and consents stay where they were said and are read
    through the identity map. For 30 days the journal takes it back.
    """
    gone = sorted(set(other_ids) - {survivor_id})
    if not gone or len(gone) > MOST:
        raise Invalid({"others": str(_("Choose from 1 to %(most)s other customers.") % {"most": MOST})})
    members = _locked([survivor_id, *gone], by=by)
    survivor, others = members[survivor_id], [members[one] for one in gone]
    if any(one.kind != survivor.kind for one in others):
        raise AnotherKind
    chosen = _chosen(survivor, others, choices or {}, by=by)
    merge = Merge.objects.create(
        id=new_id(),
        survivor=survivor,
        merged_at=at,
        reason=reason[:300],
        evidence=dict(evidence or {}),
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
    )
    _note(merge, survivor)
    join_consents(by=by, merge_id=merge.pk, survivor_id=survivor_id, other_ids=gone, at=at)
    fetch("UPDATE customers_identifier SET customer_id = %s WHERE customer_id = ANY(%s)", [survivor_id, gone])
    _relate(survivor_id, gone)
    repoint(merge.pk, survivor_id, gone, at=at)
    _keep_people(survivor, others, at=at)
    _write(survivor, others, chosen, at=at)
    links_follow(CUSTOMER.name, gone, survivor_id, at=at)
    fetch(_HIDE, [survivor_id, at, at, gone])
    Identity.objects.bulk_create([Identity(merge=merge, customer_id=one, survivor_id=survivor_id, valid_from=at) for one in gone])
    recount([survivor_id, *gone], at)
    settle_merged([survivor_id, *gone], by=by, at=at)
    fact = CustomersMerged(
        customer_id=survivor_id, merged_at=at, merge_id=merge.pk, merged_ids=[str(one) for one in gone], reason=reason[:300]
    )
    record([fact], by=by)
    return fact


def take_back_merges(
    *, by: Actor, at: datetime, created: Sequence[list[str]], changed: Sequence[tuple[list[str], dict[str, Any]]]
) -> list[tuple[list[str], str, str]]:
    """What the journal does not follow: moved rows go back, the map rows end, consents part. `changed` is always empty."""
    for key in created:
        merge = Merge.objects.select_for_update().get(pk=key[0])
        if Identity.objects.filter(customer_id=merge.survivor_id, valid_to=None).exists():
            raise MergedFurther
        gone = list(merge.identities.filter(valid_to=None).values_list("customer_id", flat=True).order_by("customer_id"))
        fetch("SELECT 1 FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [[*gone, merge.survivor_id]])
        take_back_moves(merge.pk, merge.survivor_id)
        part_consents(by=by, merge_id=merge.pk, survivor_id=merge.survivor_id, at=at)
        reopen_pairs([merge.survivor_id, *gone])
        merge.identities.filter(valid_to=None).update(valid_to=at)
        merge.undone_at = at
        merge.save(update_fields=["undone_at"])
        everybody = [merge.survivor_id, *gone]
        recount(everybody, at)
        ids = [str(one) for one in gone]
        record([MergeUndone(customer_id=one, undone_at=at, merge_id=merge.pk, merged_ids=ids) for one in everybody], by=by)
    return []


def _locked(ids: Sequence[UUID], *, by: Actor) -> dict[UUID, Customer]:
    rows = Customer.objects.visible_to(by).select_for_update().filter(pk__in=ids).order_by("pk")
    found = {one.pk: one for one in rows}
    if set(found) != set(ids):
        raise NotFound
    demand(by, CUSTOMER.name, list(ids))
    return found


def _chosen(survivor: Customer, others: Sequence[Customer], choices: Mapping[str, UUID], *, by: Actor) -> dict[str, Any]:
    members = {one.pk: one for one in (survivor, *others)}
    added = [one.name for one in stored_fields(CUSTOMER.name)]
    choosable = {*CHOOSABLE, *added}
    wrong = {name for name, whose in choices.items() if name not in choosable or whose not in members}
    if wrong:
        raise Invalid({name: str(_("Choose a value of one of the merged customers.")) for name in sorted(wrong)})
    demand_editable(by, CUSTOMER.name, [name for name, whose in choices.items() if whose != survivor.pk])
    values = {}
    for name in CHOOSABLE:
        value = getattr(members[choices[name]], name) if name in choices else getattr(survivor, name)
        if not value and name not in choices:
            value = next((given for one in others if (given := getattr(one, name))), value)
        values[name] = value
    if not str(values["display_name"]).strip():
        raise Invalid({"display_name": str(_("A customer needs a name."))})
    values["custom"] = kept_of_several(
        added, [one.custom for one in (survivor, *others)], {name: members[one].custom for name, one in choices.items()}
    )
    return values


def _note(merge: Merge, survivor: Customer) -> None:
    entry = current()
    if entry is None:
        return
    note_created(TABLE, [merge.pk])
    if not entry.spanning:
        entry.more = {"subject": "customer", "subject_id": survivor.pk, "label": survivor.display_name[:300]}
    merge.entry_id = entry.id
    merge.save(update_fields=["entry_id"])


def _relate(survivor_id: UUID, gone: Sequence[UUID]) -> None:
    """Both sides follow; a relationship of one with oneself, or said twice, goes and is in the journal."""
    values = {"survivor": survivor_id, "gone": list(gone)}
    fetch(
        _RELATIONSHIPS + "DELETE FROM customers_relationship r USING ranked WHERE r.id = ranked.id "
        "AND (ranked.a = ranked.b OR ranked.place > 1)",
        values,
    )
    fetch(
        _RELATIONSHIPS + "UPDATE customers_relationship r SET customer_id = ranked.a, other_id = ranked.b FROM ranked "
        "WHERE r.id = ranked.id AND (r.customer_id, r.other_id) IS DISTINCT FROM (ranked.a, ranked.b)",
        values,
    )


def _keep_people(survivor: Customer, others: Sequence[Customer], *, at: datetime) -> None:
    """Whoever worked for one of them works for the survivor; a second owner joins the account team."""
    if survivor.owner_id is None:
        survivor.owner_id = next((one.owner_id for one in others if one.owner_id), None)
    if survivor.team_id is None:
        survivor.team_id = next((one.team_id for one in others if one.team_id), None)
    more = sorted({one.owner_id for one in others if one.owner_id} - {survivor.owner_id})
    if more:
        fetch(_OWNERS_JOIN, {"survivor": survivor.pk, "at": at, "ids": [new_id() for _one in more], "people": more})
    survivor.people = fetch(_PEOPLE, [survivor.owner_id, survivor.pk])[0][0]


def _write(survivor: Customer, others: Sequence[Customer], chosen: Mapping[str, Any], *, at: datetime) -> None:
    for name, value in chosen.items():
        setattr(survivor, name, value)
    survivor.also_known = _also_known(survivor, others)
    survivor.registered_at = min(one.registered_at for one in (survivor, *others))
    survivor.version += 1
    survivor.changed_at = at
    survivor.changed_xid = int(fetch("SELECT pg_current_xact_id()::text::bigint")[0][0])
    survivor.save(
        update_fields=[
            *chosen, "also_known", "registered_at", "owner", "team", "people", "version", "changed_at", "changed_xid",
        ]
    )  # fmt: skip


def _also_known(survivor: Customer, others: Sequence[Customer]) -> str:
    """Names and addresses by which the survivor is found beside its own."""
    before = Customer.objects.unscoped().filter(pk__in=[survivor.pk]).values_list("display_name", "email", "phone").get()
    texts = [survivor.also_known, *before]
    for one in others:
        texts += [one.display_name, one.email, _digits(one.phone), one.also_known]
    own = {survivor.display_name, survivor.email, survivor.phone}
    return " ".join(dict.fromkeys(text for text in texts if text and text not in own))[:4000]


def _digits(phone: str) -> str:
    return "".join(letter for letter in phone if letter.isdigit())
