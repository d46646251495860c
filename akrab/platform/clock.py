"""Instants and business dates: instants are UTC, a business date belongs to a branch's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_lazy as _

from akrab.platform.refusal import Refusal


class UnknownZone(Refusal):
    code = "unknown_zone"
    status = 422
    message = _("%(zone)s is not a known time zone.")


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name such as Asia/Jakarta."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise UnknownZone(zone=name) from problem


def business_date(at: datetime, zone_name: str) -> date:
    """The local calendar day of an instant in a branch's zone."""
    return at.astimezone(zone(zone_name)).date()


def in_zone(local: datetime, zone_name: str) -> datetime:
    """The UTC instant of a wall-clock moment; a moment that carries its own offset keeps it."""
    aware = local if local.tzinfo else local.replace(tzinfo=zone(zone_name))
    return aware.astimezone(UTC)


def month_key(day: date) -> int:
    """Months since year 0, the partition key of the lake and of the fact log."""
    return day.year * 12 + day.month - 1
