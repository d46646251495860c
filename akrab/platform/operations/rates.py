"""Currency rates: what one unit of a foreign currency was worth in the reporting currency on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.facts import record
from akrab.platform.money import exponent
from akrab.platform.operation import operation
from akrab.platform.refusal import Invalid
from akrab.platform.upkeep_facts import RatesNoted


@dataclass(frozen=True, slots=True)
class Rate:
    """The worth of one unit of `currency` from the day `on` until the next rate."""

    currency: str
    on: date
    rate: Decimal


@operation(may="commerce.edit_rates", journal=_("Noted the rate of %(subject)s"))
def note_rates(*, by: Actor, rates: Sequence[Rate], at: datetime) -> RatesNoted:
    """Add or replace dated rates; amounts converted before keep the rate they were converted with."""
    errors = {f"{one.currency} {one.on}": "A rate must be above zero." for one in rates if one.rate <= 0}
    if errors:
        raise Invalid(errors)
    for one in rates:
        exponent(one.currency)
    fetch(
        'INSERT INTO platform_currencyrate (currency, "on", rate) '
        "SELECT DISTINCT ON (currency, day) currency, day, rate "
        "FROM unnest(%s::text[], %s::date[], %s::numeric[]) AS n(currency, day, rate) "
        'ON CONFLICT (currency, "on") DO UPDATE SET rate = excluded.rate',
        [[one.currency for one in rates], [one.on for one in rates], [one.rate for one in rates]],
    )
    fact = RatesNoted(noted_at=at, currencies=sorted({one.currency for one in rates}), rates=len(rates))
    record([fact], by=by)
    return fact
