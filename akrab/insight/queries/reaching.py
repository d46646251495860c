"""Reports as an actor may see them: rows about customers out of reach, or with figures closed to the actor, are left out."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from akrab.insight.queries.reports import Report
from akrab.platform.actor import Actor
from akrab.platform.rights.fields import unreadable
from akrab.platform.rights.limits import is_limited, reachable

CUSTOMER = "customers.customer"
FIGURES = frozenset({"spend", "purchases", "traits"})


def within_reach(report: Report, *, by: Actor) -> Report:
    """The report with the rows that the actor may see; sums over everybody stay, for they name nobody."""
    place = next((place for place, column in enumerate(report.columns) if column.name == "customer_id"), None)
    if place is None:
        return report
    if unreadable(by, CUSTOMER) & FIGURES:
        return replace(report, rows=())
    if not is_limited(by, CUSTOMER):
        return report
    seen = {str(one) for one in reachable(by, CUSTOMER, [UUID(str(row[place])) for row in report.rows])}
    return replace(report, rows=tuple(row for row in report.rows if str(row[place]) in seen))
