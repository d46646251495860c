"""Which receipts count as a customer's purchase, and what is left of them."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from akrab.insight.compat import day, days_between, month_of, total


def counted_sales(receipts: ir.Table, *, as_of: date) -> ir.Table:
    """Identified sales up to the day that are not taken back in full by linked returns up to the day.

    `kept` is the net amount without what was returned and without the part paid with points.
    """
    until = day(as_of)
    later = (
        receipts.filter(_.business_on > until, _.original_id.notnull(), _.net < 0)
        .group_by(sale_id=_.original_id)
        .agg(later=total(-_.net))
    )
    sales = receipts.filter(_.kind == "sale", _.net > 0, _.customer_id.notnull(), _.business_on <= until)
    return (
        sales.left_join(later, sales.receipt_id == later.sale_id)
        .mutate(returned=_.returned - _.later.fill_null(0))
        .filter(_.returned < _.net)
        .select(
            "receipt_id",
            "customer_id",
            "business_on",
            "net",
            "returned",
            month=month_of(_.business_on),
            kept=_.net - _.returned - _.paid_with_points,
        )
    )


def customer_months(receipts: ir.Table, *, as_of: date) -> ir.Table:
    """The roll-up of counted sales by customer and month, as the lake keeps it for its last day."""
    return (
        counted_sales(receipts, as_of=as_of)
        .group_by("customer_id", "month")
        .agg(
            receipts=_.count().cast("int64"),
            days=_.business_on.nunique().cast("int64"),
            net=total(_.net),
            returned=total(_.returned),
            kept=total(_.kept),
            first_on=_.business_on.min(),
            last_on=_.business_on.max(),
        )
    )


def per_customer(customer_months: ir.Table, *, as_of: date) -> ir.Table:
    """One row per customer: purchases, days, money, first and last day, days since, usual interval in days.

    The usual interval is the mean distance of the customer's purchase days, NULL for those with one.
    """
    return (
        customer_months.group_by("customer_id")
        .agg(
            receipts=total(_.receipts),
            days=total(_.days),
            money=total(_.kept),
            first_on=_.first_on.min(),
            last_on=_.last_on.max(),
        )
        .mutate(
            since=lambda people: days_between(day(as_of), people.last_on),
            span=lambda people: days_between(people.last_on, people.first_on),
        )
        .mutate(usual=_.span.cast("float64") / (_.days - 1).cast("float64").nullif(0.0))
    )


def purchase_days(receipts: ir.Table, *, as_of: date) -> ir.Table:
    """One row per customer and day with a counted sale, with the next such day."""
    days = counted_sales(receipts, as_of=as_of).select("customer_id", "business_on").distinct()
    window = ibis.window(group_by="customer_id", order_by="business_on")
    return days.mutate(next_on=days.business_on.lead().over(window))
