"""First and repeat purchases: how many customers come back, and how soon."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_noop as _t
from ibis import _

from akrab.insight.compat import days_between, how_many, ratio, running_number, total
from akrab.insight.metrics.counting import counted_sales, per_customer
from akrab.insight.metrics.registry import Column, metric

STEPS = 10


def repeat_totals(customer_months: ir.Table, *, as_of: date) -> ir.Table:
    people = per_customer(customer_months, as_of=as_of)
    return people.agg(
        customers=people.count().cast("int64"),
        repeat_customers=how_many(people.receipts > 1),
        one_time_buyers=how_many(people.receipts == 1),
        receipts=total(people.receipts),
        revenue=total(people.money),
    ).mutate(repeat_rate=ratio(_.repeat_customers, _.customers))


@metric(
    "repeat_purchase",
    title=_t("First and repeat purchases"),
    description=_t(
        "How many customers reached their first, second, third … purchase, how many of them went on to the next one,"
        " and how many days it took them on average. A purchase is a counted sale; two on one day are two purchases."
    ),
    columns=(
        Column("purchase", "integer", _t("Purchase")),
        Column("customers", "integer", _t("Customers")),
        Column("went_on", "integer", _t("Came back")),
        Column("rate", "rate", _t("Repeat rate")),
        Column("days_to_next", "number", _t("Days to the next, average")),
    ),
    totals=repeat_totals,
    total_columns=(
        Column("customers", "integer", _t("Customers")),
        Column("repeat_customers", "integer", _t("Came back")),
        Column("one_time_buyers", "integer", _t("Bought once")),
        Column("receipts", "integer", _t("Receipts")),
        Column("revenue", "money", _t("Revenue")),
        Column("repeat_rate", "rate", _t("Repeat rate")),
    ),
    chart="funnel",
)
def repeat_purchase(receipts: ir.Table, *, as_of: date) -> ir.Table:
    sales = counted_sales(receipts, as_of=as_of)
    order = [sales.business_on, sales.receipt_id]  # one order for both, so that an engine sorts once
    follow = ibis.window(group_by=sales.customer_id, order_by=order)
    return (
        sales.mutate(purchase=running_number([sales.customer_id], order), next_on=sales.business_on.lead().over(follow))
        .filter(_.purchase <= STEPS)
        .mutate(gap=lambda sale: days_between(sale.next_on, sale.business_on))
        .group_by("purchase")
        .agg(customers=_.count().cast("int64"), went_on=how_many(_.next_on.notnull()), days=total(_.gap))
        .order_by("purchase")
        .select(
            "purchase",
            "customers",
            "went_on",
            rate=ratio(_.went_on, _.customers),
            days_to_next=ratio(_.days, _.went_on),
        )
    )
