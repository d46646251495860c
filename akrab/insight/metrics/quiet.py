"""Customers gone quiet: silent for longer than their own habit."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_noop as _t
from ibis import _

from akrab.insight.compat import ratio
from akrab.insight.metrics.counting import per_customer
from akrab.insight.metrics.registry import Column, Parameter, metric

PURCHASE_DAYS = 3


def is_quiet(people: ir.Table, *, times: int = 2, days: int = 30) -> Any:
    """Silent for longer than `times` the usual interval (span / (days - 1), compared as whole numbers) and `days`."""
    return (people.days >= PURCHASE_DAYS) & (people.since > days) & (people.since * (people.days - 1) > people.span * times)


def quiet(customer_months: ir.Table, *, as_of: date, times: int = 2, days: int = 30) -> ir.Table:
    people = per_customer(customer_months, as_of=as_of)
    return people.filter(is_quiet(people, times=times, days=days))


def quiet_totals(customer_months: ir.Table, *, as_of: date, times: int = 2, days: int = 30) -> ir.Table:
    silent = quiet(customer_months, as_of=as_of, times=times, days=days)
    return silent.agg(customers=silent.count().cast("int64"), revenue=silent.money.sum().fill_null(0).cast("int64"))


@metric(
    "gone_quiet",
    title=_t("Customers gone quiet"),
    description=_t(
        "Customers with at least three purchase days who have not bought for longer than twice their own usual interval"
        " and for more than 30 days. The usual interval is the mean distance of their purchase days. Biggest first."
    ),
    columns=(
        Column("customer_id", "customer", _t("Customer")),
        Column("name", "text", _t("Name")),
        Column("last_on", "date", _t("Last purchase")),
        Column("since", "integer", _t("Days since")),
        Column("usual", "number", _t("Usual interval, days")),
        Column("times_usual", "number", _t("Times the usual")),
        Column("receipts", "integer", _t("Receipts")),
        Column("revenue", "money", _t("Revenue")),
    ),
    parameters=(
        Parameter("times", 2, _t("Times the usual interval")),
        Parameter("days", 30, _t("More days than")),
        Parameter("limit", 100, _t("Rows")),
    ),
    totals=quiet_totals,
    total_columns=(
        Column("customers", "integer", _t("Customers")),
        Column("revenue", "money", _t("Revenue")),
    ),
)
def gone_quiet(
    customer_months: ir.Table, customers: ir.Table, *, as_of: date, times: int = 2, days: int = 30, limit: int = 100
) -> ir.Table:
    silent = quiet(customer_months, as_of=as_of, times=times, days=days)
    names = customers.select("customer_id", "name")
    return (
        silent.left_join(names, "customer_id")
        .order_by(ibis.desc("money"), "customer_id")
        .limit(limit)
        .select(
            "customer_id",
            "name",
            "last_on",
            "since",
            "usual",
            times_usual=ratio(_.since * (_.days - 1), _.span),
            receipts=_.receipts,
            revenue=_.money,
        )
    )
