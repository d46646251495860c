"""Which receipts count as a customer's purchase, and what is left of them."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from akrab.insight.compat import day, days_between, month_of, total


def selling(receipts: ir.Table, *, as_of: date) -> ir.Table:
    """Sales up to the day, and exchanges up to the day for what they sold; `sold` is that, net of tax."""
    documents = receipts.filter(_.kind.isin(["sale", "exchange"]), _.business_on <= day(as_of))
    return documents.mutate(sold=_.net + _.brought_back).filter(_.sold > 0)


def counted_sales(receipts: ir.Table, *, as_of: date) -> ir.Table:
    """Identified purchases up to the day that linked returns have not taken back in full.

    `kept` is the net amount without what was returned and without the part paid with points.
    """
    return (
        selling(receipts, as_of=as_of)
        .filter(_.customer_id.notnull(), _.returned < _.sold)
        .select(
            "receipt_id",
            "customer_id",
            "business_on",
            "returned",
            net=_.sold,
            month=month_of(_.business_on),
            kept=_.sold - _.returned - _.paid_with_points,
        )
    )


def as_known_on(receipts: ir.Table, *, as_of: date) -> ir.Table:
    """Receipts up to the day, without what linked returns and exchanges took from them after it."""
    later = (
        receipts.filter(_.business_on > day(as_of), _.original_id.notnull(), _.kind.isin(["return", "exchange"]))
        .group_by(sale_id=_.original_id)
        .agg(later=total(ibis.ifelse(_.kind == "exchange", _.brought_back, -_.net)))
    )
    known = receipts.filter(_.business_on <= day(as_of))
    return (
        known.left_join(later, known.receipt_id == later.sale_id)
        .mutate(returned=_.returned - _.later.fill_null(0))
        .select(*receipts.columns)
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
