"""Recurrence: the next day or instant of a rule, in wall time, so that nine o'clock stays nine o'clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import rrule, rrulestr
from django.utils.translation import gettext_lazy as _

from akrab.platform.clock import zone
from akrab.platform.refusal import Invalid

FORBIDDEN = ("FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY")
PRESETS = {
    "": _("Does not repeat"),
    "FREQ=DAILY": _("Every day"),
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": _("Every working day"),
    "FREQ=WEEKLY": _("Every week"),
    "FREQ=WEEKLY;INTERVAL=2": _("Every two weeks"),
    "FREQ=MONTHLY": _("Every month"),
    "FREQ=MONTHLY;INTERVAL=3": _("Every quarter"),
    "FREQ=YEARLY": _("Every year"),
}


def check_rule(text: str) -> str:
    """A recurrence rule (RFC 5545, without DTSTART) in its plain form; refuses what cannot be read or repeats within a day."""
    plain = text.strip().upper().removeprefix("RRULE:")
    if not plain:
        return ""
    try:
        if "FREQ=" not in plain or "\n" in plain or any(word in plain for word in FORBIDDEN) or len(plain) > 200:
            raise ValueError(plain)
        _rule(plain, datetime(2026, 1, 1))  # noqa: DTZ001
    except (ValueError, TypeError, AttributeError) as problem:
        raise Invalid({"rrule": str(_("This repetition cannot be read; write it as FREQ=WEEKLY;BYDAY=MO."))}) from problem
    return plain


def next_day(rule: str, *, after: date) -> date | None:
    """The next day of a rule that has a day `after` now."""
    found = _rule(rule, datetime.combine(after, time())).after(datetime.combine(after, time()))
    return found.date() if found else None


def next_moment(rule: str, *, after: datetime, zone_name: str) -> datetime | None:
    """The next instant of a rule, at the same wall time in its zone."""
    wall = after.astimezone(zone(zone_name)).replace(tzinfo=None)
    found = _rule(rule, wall).after(wall)
    return found.replace(tzinfo=zone(zone_name)).astimezone(UTC) if found else None


def wall_times(rule: str, *, start: datetime, since: datetime, until: datetime, most: int = 400) -> list[datetime]:
    """The wall times of a rule that begins at `start`, between two wall times."""
    if not rule:
        return [start] if since <= start < until else []
    return list(islice(_between(_rule(rule, start), since, until), most))


def due_by(*, due_on: date | None, due_at: datetime | None, zone_name: str) -> datetime | None:
    """The instant when something becomes late: the instant itself, or the end of its day in its zone."""
    if due_at is not None:
        return due_at
    if due_on is None:
        return None
    return datetime.combine(due_on + timedelta(days=1), time(), zone(zone_name)).astimezone(UTC)


def _rule(text: str, start: datetime) -> rrule:
    made = rrulestr(_naive(text), dtstart=start)
    assert isinstance(made, rrule)
    return made


def _naive(text: str) -> str:
    """UNTIL in wall time, as the start is."""
    return ";".join(part.removesuffix("Z") if part.startswith("UNTIL=") else part for part in text.split(";"))


def _between(rule: rrule, since: datetime, until: datetime) -> Iterator[datetime]:
    for moment in rule.xafter(since, inc=True):
        if moment >= until:
            return
        yield moment
