"""Changing many customers at once: one value for all, or all into the trash, as one thing that can be undone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.customers.facts import CustomerEdited
from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.operations.assigning import assign_customers
from akrab.customers.operations.trashing import trash_customers
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch, named
from akrab.platform.customizing.fields import PREFIX, is_custom
from akrab.platform.customizing.writing import for_all, in_fact, same_sql
from akrab.platform.facts import record
from akrab.platform.journal.entries import current
from akrab.platform.listing.bulk import Outcome
from akrab.platform.operation import operation, require
from akrab.platform.refusal import Invalid
from akrab.platform.rights.fields import demand_editable
from akrab.platform.rights.limits import reachable, where

FIELDS = ("kind", "city", "country", "honorific")
VERBS = {"owner": "customers.assign_customers", "team": "customers.assign_customers", "trash": "customers.delete_customers"}
COLUMNS = {**{name: f"c.{name}" for name in FIELDS}, "owner": "c.owner_id::text", "team": "c.team_id::text"}
LONGEST = {"city": 100, "country": 60, "honorific": 40}


@dataclass(frozen=True, slots=True)
class ManyChange:
    """One change: `what` (a field, owner, team or trash) and the value that all get; empty takes it away."""

    what: str
    value: str = ""

    @property
    def verb(self) -> str:
        return VERBS.get(self.what, "customers.edit_customers")

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> ManyChange:
        return cls(str(stored["what"]), str(stored.get("value", "")))


@operation(may="customers.edit_customers", journal=_("Changed many customers"))
def change_many(*, by: Actor, customer_ids: Sequence[UUID], change: ManyChange, at: datetime) -> Outcome:
    """Give all of these customers one value; those out of reach and those that are gone are counted and left alone."""
    check_change(change, by=by)
    entry = current()
    if entry is not None and not entry.spanning:
        entry.may = change.verb
    wanted = list(dict.fromkeys(customer_ids))
    seen = set(Customer.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True))
    mine = reachable(by, CUSTOMER.name, sorted(seen), "edit")
    changed = _apply(sorted(mine), change, by=by, at=at) if mine else 0
    return Outcome(changed, len(mine) - changed, len(seen) - len(mine), len(wanted) - len(seen))


def check_change(change: ManyChange, *, by: Actor) -> None:
    """Refuse a change that the actor may not make, or a value that nobody can have."""
    require(by, change.verb)
    if is_custom(change.what):
        demand_editable(by, CUSTOMER.name, [change.what])
        for_all(CUSTOMER.name, change.what, change.value, by=by)
    elif change.what in FIELDS:
        demand_editable(by, CUSTOMER.name, [change.what])
        if change.what == "kind" and change.value not in Customer.Kind.values:
            raise Invalid({"value": str(_("Choose one of the kinds."))})
        if len(change.value) > LONGEST.get(change.what, 10):
            raise Invalid({"value": str(_("This is too long."))})
    elif change.what in {"owner", "team"}:
        _id(change.value)
    elif change.what != "trash":
        raise Invalid({"what": str(_("Choose what to change."))})


def preview_change(rows: Any, change: ManyChange, *, by: Actor) -> Outcome:
    """What a change would do to these rows, counted by the database."""
    check_change(change, by=by)
    sql, values = named(*rows.order_by().values("pk").query.sql_with_params(), prefix="shown")
    edit, more = where(by, CUSTOMER.name, "c", "edit")
    value: str = change.value.strip()
    if is_custom(change.what):
        same, value = same_sql(change.what, "c"), json.dumps(for_all(CUSTOMER.name, change.what, value, by=by))
    else:
        same = "false" if change.what == "trash" else f"coalesce({COLUMNS[change.what]}, '') = %(value)s"
    [(total, closed, unchanged)] = fetch(
        f"SELECT count(*), count(*) FILTER (WHERE ({edit}) IS NOT TRUE), count(*) FILTER (WHERE ({edit}) AND {same}) "
        f"FROM customers_customer c WHERE c.id IN ({sql})",
        {**values, **more, "value": value},
    )
    return Outcome(total - closed - unchanged, unchanged, closed, 0)


def _apply(ids: Sequence[UUID], change: ManyChange, *, by: Actor, at: datetime) -> int:
    if change.what == "trash":
        return len(trash_customers(by=by, customer_ids=ids, at=at))
    if change.what in {"owner", "team"}:
        return len(assign_customers(by=by, customer_ids=ids, change={change.what: _id(change.value)}, at=at))
    if is_custom(change.what):
        return len(_edit_custom(ids, change, by=by, at=at))
    return len(_edit(ids, change.what, change.value.strip(), by=by, at=at))


def _edit(ids: Sequence[UUID], name: str, value: str, *, by: Actor, at: datetime) -> list[CustomerEdited]:
    rows = fetch(
        f"UPDATE customers_customer c SET {name} = %(value)s, version = c.version + 1, changed_at = %(at)s, "
        "changed_xid = pg_current_xact_id()::text::bigint "
        f"FROM (SELECT id, {name} AS was FROM customers_customer WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE) AS b "
        "WHERE c.id = b.id AND b.was <> %(value)s RETURNING c.id, b.was",
        {"value": value, "at": at, "ids": list(ids)},
    )
    facts = [CustomerEdited(customer_id=one, edited_at=at, changes={name: [was, value]}) for one, was in rows]
    record(facts, by=by)
    return facts


def _edit_custom(ids: Sequence[UUID], change: ManyChange, *, by: Actor, at: datetime) -> list[CustomerEdited]:
    value = for_all(CUSTOMER.name, change.what, change.value, by=by)
    rows = fetch(
        "UPDATE customers_customer c SET custom = jsonb_strip_nulls(c.custom || jsonb_build_object(%(key)s::text, "
        "%(value)s::jsonb)), version = c.version + 1, changed_at = %(at)s, changed_xid = pg_current_xact_id()::text::bigint "
        "FROM (SELECT id, (custom->%(key)s)::text AS was FROM customers_customer WHERE id = ANY(%(ids)s::uuid[]) "
        f"AND NOT ({same_sql(change.what, 'customers_customer')}) ORDER BY id FOR UPDATE) AS b "
        "WHERE c.id = b.id RETURNING c.id, b.was",
        {"key": change.what.removeprefix(PREFIX), "value": json.dumps(value), "at": at, "ids": list(ids)},
    )
    facts = [
        CustomerEdited(customer_id=one, edited_at=at, changes={change.what: [in_fact(json.loads(was or "null")), in_fact(value)]})
        for one, was in rows
    ]
    record(facts, by=by)
    return facts


def _id(value: str) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError as problem:
        raise Invalid({"value": str(_("Choose one from the list."))}) from problem
