"""The lines of the customer list, ready to print: a template that asks for little draws fast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localtime

from akrab.customers.models import STAGE_TONES, Customer, Stage
from akrab.platform import money
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
    place: str
    contact: str
    purchases: str
    spend: str
    last: str
    registered: str
    owner: str = ""

    def __getitem__(self, name: str) -> str:
        """Templates look for a key first; without one, each look-up would cost an exception."""
        value: str = getattr(self, name)
        return value


def rows_of(customers: Sequence[Customer], *, owners: Mapping[UUID, str] = MappingProxyType({})) -> list[Row]:
    stages = {str(one.value): (str(one.label), STAGE_TONES.get(one, "neutral")) for one in Stage}
    base = reverse("customers:index")
    return [_row(one, base, stages, owners.get(one.owner_id, "") if one.owner_id else "") for one in customers]


def _row(one: Customer, base: str, stages: dict[str, tuple[str, str]], owner: str) -> Row:
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
        one.city,
        one.phone or one.email,
        number(one.purchase_count),
        money.show(one.spend, one.spend_currency, language()) if bought and one.spend_currency else "",
        shown_day(localtime(one.last_purchase_at).date(), language()) if one.last_purchase_at else "",
        shown_day(localtime(one.registered_at).date(), language()),
        owner,
    )


@lru_cache(maxsize=4096)
def shown_day(on: date, code: str) -> str:
    """A day in a language; lists show the same days again and again."""
    return day(on)
