"""How many customers came lately, for the start page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from akrab.customers.models import CUSTOMER
from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.operation import require
from akrab.platform.rights.limits import where


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Customers registered today and on the six days before (since), in the reader's zone, and on the seven days before
    those; whether there are any at all."""

    since: date
    week: int
    week_before: int
    exist: bool


def newcomers(*, by: Actor, at: datetime) -> Newcomers:
    require(by, "customers.view_customers")
    since = at.astimezone(by.tzinfo).date() - timedelta(days=6)
    week, before = (datetime.combine(day, time.min, by.tzinfo) for day in (since, since - timedelta(days=7)))
    mine, values = where(by, CUSTOMER.name, "c")
    row = fetch(
        "SELECT count(*) FILTER (WHERE registered_at >= %(week)s), count(*) FILTER (WHERE registered_at < %(week)s), "
        f"EXISTS (SELECT 1 FROM customers_customer c WHERE {mine}) FROM customers_customer c "
        f"WHERE registered_at >= %(before)s AND registered_at <= %(at)s AND {mine}",
        {"week": week, "before": before, "at": at, **values},
    )[0]
    return Newcomers(since, *row)


def held_by(*, by: Actor, person_id: UUID) -> int:
    """How many customers a person owns or works for."""
    require(by, "customers.view_customers")
    return int(fetch("SELECT count(*) FROM customers_customer WHERE people && ARRAY[%s]::uuid[]", [person_id])[0][0])
