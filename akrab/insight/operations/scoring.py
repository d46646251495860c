"""Scores of each customer, on their way down to the customers room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from math import floor
from uuid import UUID

from akrab.customers.public import TraitValue, write_traits
from akrab.insight.metrics.registry import all_metrics
from akrab.insight.queries.workspace import Workspace
from akrab.platform.actor import SYSTEM
from akrab.platform.money import to_decimal

SOURCE = "insight.rfm"
VERSION = "1"
TRAITS = (
    "rfm_segment", "rfm_score", "rfm_recency", "rfm_frequency", "rfm_money",
    "purchase_interval", "first_purchase_month", "gone_quiet",
)  # fmt: skip


def write_scores(workspace: Workspace, *, as_of: date, at: datetime) -> int:
    """Write RFM, habit and cohort of every identified buyer as traits; returns how many customers have them."""
    written = write_traits(by=SYSTEM, values=_values(workspace), names=TRAITS, source=SOURCE, version=VERSION, as_of=as_of, at=at)
    return written.customers


def _values(workspace: Workspace) -> Iterator[TraitValue]:
    currency = workspace.currency
    for row in workspace.rows(all_metrics()["customer_scores"].function, {}):
        customer = UUID(row["customer_id"])
        score = f"{row['recency_score']}{row['frequency_score']}{row['money_score']}"
        month = row["first_month"]
        yield TraitValue(customer, "rfm_segment", row["segment"])
        yield TraitValue(customer, "rfm_score", score)
        yield TraitValue(customer, "rfm_recency", row["recency"])
        yield TraitValue(customer, "rfm_frequency", row["frequency"])
        yield TraitValue(customer, "rfm_money", to_decimal(row["money"], currency))
        yield TraitValue(customer, "first_purchase_month", f"{month // 12:04}-{month % 12 + 1:02}")
        if row["usual"] is not None:
            yield TraitValue(customer, "purchase_interval", floor(row["usual"] + 0.5))
        if row["is_quiet"]:
            yield TraitValue(customer, "gone_quiet", "yes")
