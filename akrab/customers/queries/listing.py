"""Lists of customers: filtered, searched, sorted, paged by keyset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Sum

from akrab.customers.models import CUSTOMER, Customer, CustomerQuerySet
from akrab.customers.queries.choosing import Choice, chosen
from akrab.customers.queries.searching import find, ranked, respelt_words
from akrab.customers.queries.showing import closed_fields, cover
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.fields import Custom
from akrab.platform.customizing.listing import arranged, with_computed
from akrab.platform.customizing.listing import sums as custom_sums
from akrab.platform.operation import require
from akrab.platform.paging import CAP, Count, Key, Order, Page, capped_count, paginate
from akrab.platform.queries.organization import names_of_people
from akrab.platform.rights.limits import is_limited, where

UNREAD = ("search", "address", "people")
NEAREST_FIRST = Order((Key("rank"), Key("name_key")))
PICKED = 8


@dataclass(frozen=True, slots=True)
class CustomerList:
    """One page of a customer list; `count` is None when finding it out would cost a second query."""

    page: Page[Customer]
    count: Count | None
    respelt: Sequence[tuple[str, str]] = ()
    owners: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over a whole list: money in minor units for each currency, and purchases."""

    spend: Sequence[tuple[str, int]]
    purchases: int | None
    custom: Sequence[tuple[str, str]] = ()


def list_customers(
    *, by: Actor, choice: Choice, cursor: str = "", size: int = 50, columns: Sequence[Custom] = ()
) -> CustomerList:
    """The page of customers that a choice and a cursor name, with the values of custom columns."""
    rows = with_computed(arranged(chosen(choice, by=by), CUSTOMER.name, choice.sort), columns)
    unread = UNREAD if columns else (*UNREAD, "custom", "computed")
    if not choice.words.strip():
        page = paginate(rows.defer(*unread), order=choice.order, cursor=cursor, size=size)
        cover(by, page.items)
        count = Count(page.last) if not page.next and page.items else None
        return CustomerList(page, count if page.items else Count(0), owners=_owners(page))
    found = find(rows, choice.words, closed=closed_fields(by), is_limited=is_limited(by, CUSTOMER.name))
    seen = with_computed(arranged(Customer.objects.visible_to(by), CUSTOMER.name, choice.sort), columns)
    hits = ranked(seen, found, choice.words).defer(*unread)
    page = paginate(hits, order=choice.order if choice.sort else NEAREST_FIRST, cursor=cursor, size=size)
    cover(by, page.items)
    return CustomerList(page, Count(len(found.ids), found.is_capped), respelt_words(found), _owners(page))


def matching(choice: Choice, *, by: Actor) -> CustomerQuerySet:
    """The customers that a list with this choice shows, on all its pages; words find at most their nearest 200."""
    rows = chosen(choice, by=by)
    if not choice.words.strip():
        return rows
    found = find(rows, choice.words, closed=closed_fields(by), is_limited=is_limited(by, CUSTOMER.name))
    return rows.filter(pk__in=found.ids)


def _owners(page: Page[Customer]) -> dict[UUID, str]:
    """The names of the owners on a page; without any, nothing is asked."""
    return names_of_people({one.owner_id for one in page.items if one.owner_id})


def count_customers(*, by: Actor, choice: Choice, exactly: bool = False) -> Count:
    """How many customers a choice lets through, to 10,000 unless asked exactly."""
    return capped_count(chosen(choice, by=by), cap=None if exactly else CAP)


def sum_customers(*, by: Actor, choice: Choice) -> Sums:
    """Spend and purchases of everybody whom a list shows; sums of fields that the reader cannot read are left out."""
    closed = closed_fields(by)
    rows = matching(choice, by=by).order_by()
    spend: list[tuple[str, int]] = []
    if "spend" not in closed:
        sums = rows.exclude(spend_currency="").values("spend_currency").annotate(total=Sum("spend")).order_by("spend_currency")
        spend = [(one["spend_currency"], int(one["total"])) for one in sums]
    purchases = None if "purchases" in closed else int(rows.aggregate(total=Sum("purchase_count"))["total"] or 0)
    return Sums(spend, purchases, custom_sums(rows, CUSTOMER.name, closed=closed))


def pick_customers(*, by: Actor, words: str) -> list[Customer]:
    """The nearest few customers to some words, for the palette and for pickers."""
    rows = chosen(Choice(), by=by)
    found = find(rows, words, closed=closed_fields(by), is_limited=is_limited(by, CUSTOMER.name))
    if not found.ids:
        return []
    picked = paginate(ranked(rows, found, words).defer(*UNREAD, "custom", "computed"), order=NEAREST_FIRST, size=PICKED).items
    cover(by, picked)
    return picked


def known_cities(*, by: Actor) -> list[str]:
    """Cities in use, by hopping from one to the next in the index; at most 300."""
    require(by, "customers.view_customers")
    if "city" in closed_fields(by):
        return []
    if is_limited(by, CUSTOMER.name):
        mine, values = where(by, CUSTOMER.name, "c")
        return [row[0] for row in fetch(_CITIES_OF_SOME.format(mine=mine), values)]
    return [row[0] for row in fetch(_CITIES)]


_CITIES_OF_SOME = """
SELECT DISTINCT city FROM (SELECT c.city FROM customers_customer c WHERE c.city > '' AND {mine} LIMIT 20000) AS few
ORDER BY city LIMIT 300
"""
_CITIES = """
WITH RECURSIVE hop AS (
    (SELECT city FROM customers_customer WHERE city > '' ORDER BY city LIMIT 1)
    UNION ALL
    SELECT (SELECT c.city FROM customers_customer c WHERE c.city > hop.city ORDER BY c.city LIMIT 1) FROM hop
    WHERE hop.city IS NOT NULL
)
SELECT city FROM hop WHERE city IS NOT NULL LIMIT 300
"""
