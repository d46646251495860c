"""Everything that goes down to a customer's profile, in one pass."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir
from django.utils.translation import gettext_noop as _t
from ibis import _

from akrab.insight.compat import month_of
from akrab.insight.metrics.quiet import is_quiet
from akrab.insight.metrics.registry import Column, metric
from akrab.insight.metrics.rfm import scored


@metric(
    "customer_scores",
    title=_t("Scores of each customer"),
    description=_t(
        "What refreshing writes on each customer's profile: RFM scores and segment, the usual distance of purchase"
        " days, the month of the first purchase, and whether the customer has gone quiet."
    ),
    columns=(
        Column("customer_id", "customer", _t("Customer")),
        Column("recency", "integer", _t("Days since last purchase")),
        Column("frequency", "integer", _t("Receipts")),
        Column("money", "money", _t("Revenue")),
        Column("recency_score", "integer", _t("Recency score")),
        Column("frequency_score", "integer", _t("Frequency score")),
        Column("money_score", "integer", _t("Money score")),
        Column("segment", "segment", _t("Segment")),
        Column("usual", "number", _t("Usual interval, days")),
        Column("first_month", "month", _t("First purchase")),
        Column("is_quiet", "flag", _t("Gone quiet")),
    ),
)
def customer_scores(customer_months: ir.Table, *, as_of: date) -> ir.Table:
    people = scored(customer_months, as_of=as_of)
    return people.order_by("customer_id").select(
        "customer_id",
        recency=_.since,
        frequency=_.receipts,
        money=_.money,
        recency_score=_.recency_score,
        frequency_score=_.frequency_score,
        money_score=_.money_score,
        segment=_.segment,
        usual=_.usual,
        first_month=month_of(_.first_on),
        is_quiet=is_quiet(people),
    )
