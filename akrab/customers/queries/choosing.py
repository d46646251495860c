"""What a list of customers is narrowed by and sorted by, and how that becomes rows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from akrab.customers.models import CUSTOMER, NEVER, Customer, CustomerQuerySet, Trait
from akrab.customers.queries.buying import buyers
from akrab.customers.queries.filtering import FILTERABLE
from akrab.platform import money
from akrab.platform.actor import Actor
from akrab.platform.customizing.listing import custom_order
from akrab.platform.listing.tree import NO_FILTER, Group
from akrab.platform.operation import require
from akrab.platform.paging import Key, Order
from akrab.platform.rights.conditions import Condition, Term, as_q, no
from akrab.platform.rights.fields import demand_readable
from akrab.platform.rights.limits import scope_named
from akrab.platform.rights.standing import belonging_of

ORDERS = {
    "name": Order((Key("name_key"),)),
    "-name": Order((Key("name_key"),), descending=True),
    "-last_purchase": Order((Key("last_purchase_at", null=NEVER),), descending=True),
    "last_purchase": Order((Key("last_purchase_at", null=NEVER),)),
    "-spend": Order((Key("spend"),), descending=True),
    "spend": Order((Key("spend"),)),
    "-purchases": Order((Key("purchase_count"),), descending=True),
    "purchases": Order((Key("purchase_count"),)),
    "-registered": Order((Key("registered_at"),), descending=True),
    "registered": Order((Key("registered_at"),)),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Filters and order of a customer list; days are read in the reader's zone, money in whole currency units."""

    words: str = ""
    kind: str = ""
    stage: tuple[str, ...] = ()
    city: str = ""
    has: tuple[str, ...] = ()
    purchases_from: int | None = None
    purchases_to: int | None = None
    spend_from: int | None = None
    spend_to: int | None = None
    last_from: date | None = None
    last_to: date | None = None
    registered_from: date | None = None
    registered_to: date | None = None
    segment: str = ""
    first_month: str = ""
    first_before: str = ""
    interval_from: int | None = None
    interval_to: int | None = None
    bought_from: date | None = None
    bought_to: date | None = None
    is_quiet: bool = False
    whose: str = ""
    where: Group = NO_FILTER
    sort: str = ""

    @property
    def used(self) -> list[str]:
        """The names of what filters and sorts here, search words apart."""
        named = (one.name for one in fields(self) if one.name not in {"words", "kind", "stage", "has", "sort", "whose", "where"})
        given = [name for name in named if getattr(self, name) not in (None, "", (), False)]
        return [
            *(name.removesuffix("_from").removesuffix("_to") for name in given),
            *self.has,
            *([self.sort] if self.sort else []),
        ]

    @property
    def order(self) -> Order:
        return ORDERS.get(self.sort or "name") or custom_order(self.sort)


def chosen(choice: Choice, *, by: Actor) -> CustomerQuerySet:
    """The customers that a choice lets through, search words apart; in no order."""
    require(by, "customers.view_customers")
    demand_readable(by, CUSTOMER.name, choice.used)
    wanted: dict[str, Any] = {
        "kind": choice.kind,
        "stage__in": choice.stage,
        "city": choice.city,
        "purchase_count__gte": choice.purchases_from,
        "purchase_count__lte": choice.purchases_to,
        "spend__gte": _minor(choice.spend_from),
        "spend__lte": _minor(choice.spend_to),
        "last_purchase_at__gte": _start(choice.last_from, by.tzinfo),
        "last_purchase_at__lt": _start(choice.last_to, by.tzinfo, days=1),
        "registered_at__gte": _start(choice.registered_from, by.tzinfo),
        "registered_at__lt": _start(choice.registered_to, by.tzinfo, days=1),
    }
    given = {name: value for name, value in wanted.items() if value not in (None, "", ())}
    rows: CustomerQuerySet = Customer.objects.visible_to(by).filter(**given)
    if choice.whose:
        rows = rows.filter(as_q(_whose(choice.whose, by=by)))
    if choice.where:
        rows = rows.filter(FILTERABLE.q(choice.where, by=by))
    for field in choice.has:
        rows = rows.exclude(**{field: ""})
    for wanted_trait in _traits(choice):
        rows = rows.filter(pk__in=Trait._default_manager.filter(**wanted_trait).values("customer_id"))
    if choice.bought_from or choice.bought_to:
        rows = rows.filter(pk__in=buyers(by, choice.bought_from, choice.bought_to))
    return rows


def _whose(whose: str, *, by: Actor) -> Condition:
    """Mine and my team's as rules mean it; nobody's has no owner."""
    if whose == "nobody":
        return no(Term("owner_id", "ge", UUID(int=0), "uuid"))
    return scope_named(belonging_of(by), CUSTOMER, {"mine": "own"}.get(whose, whose), by=by)


def _traits(choice: Choice) -> list[dict[str, Any]]:
    """The measures of analytics that a choice asks for, each as conditions on one trait."""
    wanted: dict[str, dict[str, Any]] = {
        "rfm_segment": {"text": choice.segment},
        "first_purchase_month": {"text": choice.first_month, "text__lt": choice.first_before},
        "purchase_interval": {"number__gte": choice.interval_from, "number__lte": choice.interval_to},
        "gone_quiet": {"text": "yes" if choice.is_quiet else ""},
    }
    given = {name: {key: value for key, value in each.items() if value not in (None, "")} for name, each in wanted.items()}
    return [{"name": name, **each} for name, each in given.items() if each]


def _minor(units: int | None) -> int | None:
    return None if units is None else units * 10 ** money.exponent(settings.CURRENCY)


def _start(day: date | None, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(date.fromordinal(min(day.toordinal() + days, date.max.toordinal())), datetime.min.time(), zone)
