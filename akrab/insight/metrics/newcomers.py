"""New and returning customers month by month, with what anonymous receipts brought."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_noop as _t
from ibis import _

from akrab.insight.compat import how_many, month_of, ratio, total, total_where
from akrab.insight.metrics.counting import selling
from akrab.insight.metrics.registry import Column, metric


@metric(
    "new_returning",
    title=_t("New and returning customers"),
    description=_t(
        "Customers with a counted sale in the month: new when it is the month of their first one, returning otherwise,"
        " with their money net of linked returns. Sales without a customer stand apart."
    ),
    columns=(
        Column("month", "month", _t("Month")),
        Column("new", "integer", _t("New customers")),
        Column("returning", "integer", _t("Returning customers")),
        Column("new_revenue", "money", _t("Revenue, new")),
        Column("returning_revenue", "money", _t("Revenue, returning")),
        Column("returning_share", "rate", _t("Returning, share of customers")),
        Column("anonymous_receipts", "integer", _t("Anonymous receipts")),
        Column("anonymous_revenue", "money", _t("Revenue, anonymous")),
    ),
    chart="stacked",
)
def new_returning(receipts: ir.Table, customer_months: ir.Table, *, as_of: date) -> ir.Table:
    first = customer_months.group_by("customer_id").agg(first=_.month.min())
    known = (
        customer_months.join(first, "customer_id")
        .group_by(month=_.month.cast("int64"))
        .agg(
            new=how_many(_.month == _.first),
            returning=how_many(_.month > _.first),
            new_revenue=total_where(_.kept, _.month == _.first),
            returning_revenue=total_where(_.kept, _.month > _.first),
        )
        .mutate(anonymous_receipts=ibis.literal(0, "int64"), anonymous_revenue=ibis.literal(0, "int64"))
    )
    unknown = (
        selling(receipts, as_of=as_of)
        .filter(_.customer_id.isnull())
        .group_by(month=month_of(_.business_on))
        .agg(anonymous_receipts=_.count().cast("int64"), anonymous_revenue=total(_.sold - _.returned))
        .mutate(**{name: ibis.literal(0, "int64") for name in ("new", "returning", "new_revenue", "returning_revenue")})
    )
    order = (
        "month", "new", "returning", "new_revenue", "returning_revenue", "anonymous_receipts", "anonymous_revenue",
    )  # fmt: skip
    return (
        ibis.union(known.select(*order), unknown.select(*order))
        .group_by("month")
        .agg(**{name: total(_[name]) for name in order[1:]})
        .order_by("month")
        .select(
            *order[:5],
            "anonymous_receipts",
            "anonymous_revenue",
            returning_share=ratio(_.returning, _.new + _.returning),
        )
        .select(*order[:5], "returning_share", "anonymous_receipts", "anonymous_revenue")
    )
