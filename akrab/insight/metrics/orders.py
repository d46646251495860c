"""Average order: what one sale brings, and how many lines it has."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir
from django.utils.translation import gettext_noop as _t
from ibis import _

from akrab.insight.compat import month_of, ratio, total, total_where
from akrab.insight.metrics.counting import selling
from akrab.insight.metrics.registry import Column, metric


def order_totals(receipts: ir.Table, *, as_of: date) -> ir.Table:
    sales = selling(receipts, as_of=as_of)
    return sales.agg(
        receipts=sales.count().cast("int64"),
        sales=total(sales.sold),
        median=(sales.sold.quantile(0.5) * 5).round().cast("int64"),
    ).select("receipts", "sales", "median", average=ratio(_.sales, _.receipts))


@metric(
    "average_order",
    title=_t("Average order"),
    description=_t(
        "Sales above zero by month, and exchanges for what they sold, identified or not, before returns and without tax:"
        " how many, what they brought,"
        " what one brought on average, and how many lines it had."
    ),
    columns=(
        Column("month", "month", _t("Month")),
        Column("receipts", "integer", _t("Receipts")),
        Column("sales", "money", _t("Sales")),
        Column("average", "money_number", _t("Average order")),
        Column("known_average", "money_number", _t("Average order, known customers")),
        Column("lines", "number", _t("Lines per receipt")),
    ),
    totals=order_totals,
    total_columns=(
        Column("receipts", "integer", _t("Receipts")),
        Column("sales", "money", _t("Sales")),
        Column("median", "money_fifth", _t("Median order")),
        Column("average", "money_number", _t("Average order")),
    ),
    chart="line",
)
def average_order(receipts: ir.Table, *, as_of: date) -> ir.Table:
    return (
        selling(receipts, as_of=as_of)
        .group_by(month=month_of(_.business_on))
        .agg(
            receipts=_.count().cast("int64"),
            sales=total(_.sold),
            known=total_where(1, _.customer_id.notnull()),
            known_sales=total_where(_.sold, _.customer_id.notnull()),
            line_count=total(_.lines),
        )
        .order_by("month")
        .select(
            "month",
            "receipts",
            "sales",
            average=ratio(_.sales, _.receipts),
            known_average=ratio(_.known_sales, _.known),
            lines=ratio(_.line_count, _.receipts),
        )
    )
