"""Customers as other programs read them: one by id or identifier, many in one of a few orders."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from akrab.customers.models import CUSTOMER, Customer
from akrab.customers.queries.filtering import FILTERABLE
from akrab.customers.queries.identifying import key_of
from akrab.customers.queries.identity import survivor_of
from akrab.customers.queries.showing import COLUMNS, MONEY_TRAITS, closed_fields, covered, is_purchase, kind_access
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch, named
from akrab.platform.customizing.expressions import CASTS, on, order_sql
from akrab.platform.customizing.fields import custom_field
from akrab.platform.customizing.listing import is_order
from akrab.platform.customizing.reading import values_sql
from akrab.platform.listing.tree import NO_FILTER, Group
from akrab.platform.operation import require
from akrab.platform.refusal import NotFound
from akrab.platform.rights.fields import demand_readable, field_access, masked
from akrab.platform.rights.limits import reachable
from akrab.platform.rights.limits import where as within_reach

_COLUMNS = (
    "c.id, c.kind, c.display_name, c.honorific, c.given_name, c.family_name, c.email, c.phone, c.city, c.country, "
    "c.address, c.born_on, c.stage, c.first_purchase_at, c.last_purchase_at, c.purchase_count, c.spend, "
    "c.spend_currency, c.source, c.registered_at, c.changed_at, c.version, c.owner_id"
)
_IDENTIFIERS = (
    "(SELECT json_agg(json_build_object('id', i.id, 'kind', i.kind, 'value', i.value, 'verified', i.verified) "
    "ORDER BY i.kind, i.key) FROM customers_identifier i WHERE i.customer_id = c.id)::text"
)
_TRAITS = (
    "(SELECT json_object_agg(t.name, json_build_object('value', CASE t.type "
    "WHEN 'number' THEN to_json(t.number::text) WHEN 'date' THEN to_json(t.\"on\") ELSE to_json(t.text) END, "
    "'type', t.type, 'as_of', t.as_of, 'source', t.source, 'reasons', t.reasons) ORDER BY t.name) "
    "FROM customers_trait t WHERE t.customer_id = c.id)::text"
)

_ONE = f"SELECT {_COLUMNS}, {_IDENTIFIERS}, {_TRAITS}, {{custom}} FROM customers_customer c WHERE c.id = %(id)s"


_SEARCHED = {"email": "c.email", "city": "c.city", "phone": "regexp_replace(c.phone, '[^0-9]', '', 'g')"}


class CustomerRow(NamedTuple):
    """One customer as it is stored; `spend` in minor units."""

    id: UUID
    kind: str
    name: str
    honorific: str
    given_name: str
    family_name: str
    email: str
    phone: str
    city: str
    country: str
    address: str
    born_on: date | None
    stage: str
    first_purchase_at: datetime | None
    last_purchase_at: datetime | None
    purchase_count: int
    spend: int
    spend_currency: str
    source: str
    registered_at: datetime
    changed_at: datetime
    version: int
    owner: UUID | None
    identifiers: list[dict[str, Any]]
    traits: dict[str, Any]
    custom: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ordering:
    """A column to sort by, its type for the database, and its direction; nulls come last."""

    column: str
    type: str
    descending: bool = False


ORDERINGS: Mapping[str, Ordering] = {
    "id": Ordering("c.id", "uuid"),
    "-id": Ordering("c.id", "uuid", descending=True),
    "name": Ordering("c.name_key", "text"),
    "-registered_at": Ordering("c.registered_at", "timestamptz", descending=True),
    # The same stand-in for "never" as the index customers_by_last_sale has.
    "-last_purchase_at": Ordering(
        "coalesce(c.last_purchase_at, '0001-01-01 00:00:00+00'::timestamptz)", "timestamptz", descending=True
    ),
    "-spend": Ordering("c.spend", "bigint", descending=True),
    "-purchase_count": Ordering("c.purchase_count", "int", descending=True),
}
FILTERS: Mapping[str, str] = {
    "stage": "c.stage = ANY(%(stage)s)",
    "kind": "c.kind = %(kind)s",
    "city": "c.city = %(city)s",
    "registered_from": "c.registered_at >= %(registered_from)s",
    "registered_before": "c.registered_at < %(registered_before)s",
}


def get_record(*, by: Actor, customer_id: UUID) -> CustomerRow:
    """One customer with identifiers and traits; of one who was merged, the survivor."""
    require(by, "customers.view_customers")
    mine, values = within_reach(by, CUSTOMER.name, "c")
    one = _ONE.format(custom=values_sql(CUSTOMER.name, "c"))
    rows = fetch(f"{one} AND {mine}", {"id": customer_id, **values})
    if not rows and (survivor := survivor_of(customer_id)) != customer_id:
        rows = fetch(f"{one} AND {mine}", {"id": survivor, **values})
    if not rows:
        raise NotFound
    return _row(rows[0], by)


def find_record(*, by: Actor, kind: str, value: str) -> UUID | None:
    """The customer whom an identifier points to."""
    require(by, "customers.view_customers")
    key = key_of(kind, value)
    demand_readable(by, CUSTOMER.name, [kind])
    rows = fetch("SELECT customer_id FROM customers_identifier WHERE kind = %s AND key = %s", key) if key else []
    return next(iter(reachable(by, CUSTOMER.name, [rows[0][0]])), None) if rows else None


def list_records(
    *,
    by: Actor,
    filters: Mapping[str, Any],
    search: str = "",
    order: str = "id",
    after: Sequence[Any] = (),
    limit: int = 50,
    with_traits: bool = False,
    tree: Group = NO_FILTER,
) -> tuple[list[CustomerRow], list[Any] | None]:
    """The customers after a place in an order, and the place of the next ones, None at the end."""
    require(by, "customers.view_customers")
    how = _ordering(order)
    demand_readable(by, CUSTOMER.name, [order, *filters])
    places = {f"word{index}": f"%{_escaped(word)}%" for index, word in enumerate(search.split()[:8])}
    where = [FILTERS[name] for name in filters] + [f"c.search LIKE akrab_normal(%({name})s)" for name in places]
    mine, values = within_reach(by, CUSTOMER.name, "c")
    if mine != "true":
        where.append(mine)
    if tree:
        met = Customer.objects.unscoped().filter(FILTERABLE.q(tree, by=by)).order_by().values("pk")
        sql, more = named(*met.query.sql_with_params(), prefix="met")
        where.append(f"c.id IN ({sql})")
        values |= more
    where += [f"{_open_text(closed_fields(by))} LIKE akrab_normal(%({name})s)" for name in places] if closed_fields(by) else []
    arrow, direction = ("<", "DESC") if how.descending else (">", "ASC")
    if after:
        where.append(f"({how.column}, c.id) {arrow} (%(after)s::{how.type}, %(after_id)s::uuid)")
    rows = fetch(
        f"SELECT {_COLUMNS}, {_IDENTIFIERS}, {_TRAITS if with_traits else 'NULL'}, {values_sql(CUSTOMER.name, 'c')}, "
        f"{how.column}::text "
        f"FROM customers_customer c {'WHERE ' + ' AND '.join(where) if where else ''} "
        f"ORDER BY {how.column} {direction}, c.id {direction} LIMIT %(limit)s",
        {**filters, **places, **values, "limit": limit + 1, **dict(zip(("after", "after_id"), after, strict=False))},
    )
    page = rows[:limit]
    following = [page[-1][-1], str(page[-1][0])] if len(rows) > limit else None
    return [_row(row[:-1], by) for row in page], following


def is_ordering(order: str) -> bool:
    """Whether a list can be sorted so: a built-in order, or a custom field, with - for the greatest first."""
    return order in ORDERINGS or is_order(CUSTOMER.name, order)


def _ordering(order: str) -> Ordering:
    custom = custom_field(CUSTOMER.name, order.removeprefix("-"))
    if custom is None:
        return ORDERINGS[order]
    return Ordering(on(order_sql(custom), "c"), CASTS.get(custom.kind, "text"), order.startswith("-"))


def _open_text(closed: frozenset[str]) -> str:
    """The text that the reader may search: what the index finds by a closed field is dropped again."""
    parts = [column for field, column in _SEARCHED.items() if field not in closed]
    return f"akrab_normal(concat_ws(' ', {', '.join(['c.display_name', *parts])}))"


def _row(row: Sequence[Any], by: Actor) -> CustomerRow:
    *stored, identifiers, traits, custom = row
    parts = (json.loads(identifiers or "[]"), json.loads(traits or "{}"), json.loads(custom, parse_float=Decimal))
    found = CustomerRow._make([*stored, *parts])
    access = field_access(by, CUSTOMER.name)
    return _covered(found, access, closed_fields(by)) if access else found


def _covered(row: CustomerRow, access: Mapping[str, str], closed: frozenset[str]) -> CustomerRow:
    changed: dict[str, Any] = {
        column: covered(field, column, getattr(row, column), access[field])
        for field in closed
        for column in COLUMNS.get(field, ())
        if column in CustomerRow._fields
    }
    seen = [(one, kind_access(access, one["kind"])) for one in row.identifiers]
    changed["identifiers"] = [
        {**one, "value": masked(one["value"], "email" if one["kind"] == "email" else "phone")} if given == "masked" else one
        for one, given in seen
        if given != "hidden"
    ]
    open_traits = {} if "traits" in closed else row.traits
    changed["traits"] = {
        name: value
        for name, value in open_traits.items()
        if not (("spend" in closed and name in MONEY_TRAITS) or is_purchase(name, closed))
    }
    return row._replace(**changed)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
