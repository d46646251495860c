"""The lines of the customer list, ready to print: a template that asks for little draws fast."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from akrab.customers.models import CUSTOMER, STAGE_TONES, Customer, Stage
from akrab.platform import money
from akrab.platform.actor import ANONYMOUS, Actor
from akrab.platform.customizing.fields import Custom, custom_fields, is_custom
from akrab.platform.customizing.listing import SUMMABLE as NUMBERS
from akrab.platform.customizing.listing import cells
from akrab.platform.templatetags.shell import day, hue, initials, language, number


@dataclass(frozen=True, slots=True)
class Row:
    """One customer as the list prints it."""

    pk: str
    address: str
    name: str
    mark: str
    letters: str
    stage: str
    tone: str
    note: str
    place: str
    contact: str
    purchases: str
    spend: str
    last: str
    last_look: str
    registered: str
    owner: str = ""
    cells: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, name: str) -> Any:
        """A stencil asks for values by name."""
        return getattr(self, name)


COLUMNS: dict[str, tuple[Any, str, str, str]] = {
    "stage": (_("Stage"), "stage", "", ""),
    "contact": (_("Contact"), "contact", "", ""),
    "city": (_("City"), "place", "", "city"),
    "owner": (_("Owner"), "owner", "", ""),
    "purchases": (_("Purchases"), "purchases", "num", "purchases"),
    "spend": (_("Spend"), "spend", "num", "spend"),
    "last_purchase": (_("Last purchase"), "last", "num", "purchases"),
    "registered": (_("Registered"), "registered", "num", ""),
}
"""Columns that can be chosen: title, the part of a row, its class, and the field by which it is closed to some."""

USUAL = ("stage", "contact", "city", "purchases", "spend", "last_purchase")
"""What the list shows until somebody chooses."""


def all_columns() -> dict[str, tuple[Any, str, str, str]]:
    """Built-in columns, and those of fields that the company added."""
    added = {
        one.name: (one.title, one.name, "num" if one.kind in NUMBERS else "", one.name) for one in custom_fields(CUSTOMER.name)
    }
    return {**COLUMNS, **added}


def chosen_columns(asked: str, closed: Collection[str]) -> list[str]:
    """The known and readable columns of an address, in its order."""
    known = all_columns() if asked else {}
    return [name for name in dict.fromkeys(asked.split("|")) if name in known and known[name][3] not in closed]


def custom_columns(names: Sequence[str]) -> list[Custom]:
    """The fields behind the custom ones among these columns."""
    known = {one.name: one for one in custom_fields(CUSTOMER.name)} if any(map(is_custom, names)) else {}
    return [known[name] for name in names if name in known]


def rows_of(
    customers: Sequence[Customer],
    *,
    owners: Mapping[UUID, str] = MappingProxyType({}),
    columns: Sequence[str] = (),
    by: Actor = ANONYMOUS,
) -> list[Row]:
    """The lines; with `columns`, each also has the cells of those."""
    stages = {str(one.value): (str(one.label), STAGE_TONES.get(one, "neutral")) for one in Stage}
    base = reverse("customers:index")
    never, code = gettext("Never"), language()
    rows = [_row(one, base, stages, owners.get(one.owner_id, "") if one.owner_id else "", never, code) for one in customers]
    if not columns:
        return rows
    added = custom_columns(columns)
    texts = cells(added, customers, by=by)
    known = all_columns() if added else COLUMNS
    places = {one.name: place for place, one in enumerate(added)}
    return [
        replace(
            one,
            cells=tuple((known[name][2], texts[at][places[name]] if name in places else one[known[name][1]]) for name in columns),
        )
        for at, one in enumerate(rows)
    ]


def _row(one: Customer, base: str, stages: dict[str, tuple[str, str]], owner: str, never: str, code: str) -> Row:
    stage, tone = stages[one.stage]
    bought = one.purchase_count > 0
    company = " avatar-company" if one.kind == Customer.Kind.COMPANY else ""
    return Row(
        str(one.pk),
        f"{base}{one.pk}/",
        one.display_name,
        f"avatar-{hue(one.display_name)}{company}",
        initials(one.display_name),
        stage,
        tone,
        f"{stage} · {one.city}" if one.city else stage,
        one.city,
        one.phone or one.email,
        number(one.purchase_count),
        money.show(one.spend, one.spend_currency, code) if bought and one.spend_currency else "–",
        shown_day(localtime(one.last_purchase_at).date(), code) if one.last_purchase_at else never,
        "" if one.last_purchase_at else "text-muted",
        shown_day(localtime(one.registered_at).date(), code),
        owner,
    )


@lru_cache(maxsize=4096)
def shown_day(on: date, code: str) -> str:
    """A day in a language; lists show the same days again and again."""
    return day(on)
