"""Values of a report in the reader's words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akrab.insight.metrics.registry import Column
from akrab.insight.queries.reports import Report
from akrab.platform import money
from akrab.platform.templatetags.shell import day, language, month, number, percent

SEGMENTS = {
    "champions": gettext_lazy("Champion"),
    "loyal": gettext_lazy("Loyal customer"),
    "potential_loyal": gettext_lazy("Could become loyal"),
    "new": gettext_lazy("New customer"),
    "promising": gettext_lazy("Promising"),
    "needs_attention": gettext_lazy("Needs attention"),
    "about_to_sleep": gettext_lazy("About to sleep"),
    "at_risk": gettext_lazy("At risk"),
    "cannot_lose": gettext_lazy("Must not be lost"),
    "lost": gettext_lazy("Lost"),
}
CHANNELS = {
    "store": gettext_lazy("Store"),
    "web": gettext_lazy("Web shop"),
    "marketplace": gettext_lazy("Marketplace"),
    "delivery": gettext_lazy("Delivery app"),
    "phone": gettext_lazy("Phone"),
}


def month_name(key: int) -> str:
    """A month key in words, for example Mar 2026."""
    shown: str = month(date(key // 12, key % 12 + 1, 1))
    return shown


def said(column: Column, value: Any, report: Report) -> str:
    """One value of a report for a reader."""
    if value is None:
        return "–"
    match column.type:
        case "money" | "money_number":
            return money.show(round(value), report.currency, language())
        case "money_fifth":
            return money.show(round(value / 5), report.currency, language())
        case "fifth":
            return number(value / 5, 0 if value % 5 == 0 else 1)
        case "rate":
            return percent(value)
        case "month":
            return month_name(value)
        case "date":
            return day(value)
        case "segment":
            return str(SEGMENTS.get(value, value))
        case "channel":
            return str(CHANNELS.get(value, value))
        case "integer" | "number":
            return number(value, 0 if value == int(value) else 1)
        case _:
            return str(value)


def named(value: Any, nothing: str = "") -> str:
    """The name of a group that may have none."""
    return str(value or nothing or _("Without a name"))


def is_figure(column: Column) -> bool:
    """Whether a column is aligned as a number."""
    return column.type in {"integer", "number", "rate", "money", "money_number", "money_fifth", "fifth"}
