"""Cohort retention: of those who first bought in a month, how many bought again in each month after."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_noop as _t
from ibis import _

from akrab.insight.compat import month_key, numbers, ratio, total, total_where
from akrab.insight.metrics.registry import Column, Parameter, metric

SHOWN = (1, 3, 6, 12)


def retention_totals(customer_months: ir.Table, *, as_of: date, periods: int = 12) -> ir.Table:
    cells = retention(customer_months, as_of=as_of, periods=periods)
    return cells.agg(
        cohorts=cells.cohort.nunique().cast("int64"),
        customers=total_where(cells.customers, cells.offset == 0),
        **{
            f"after_{k}": ratio(
                total_where(cells.active, (cells.offset == k) & cells.active.notnull()),
                total_where(cells.customers, (cells.offset == k) & cells.active.notnull()),
            )
            for k in SHOWN
        },
    )


@metric(
    "retention",
    title=_t("Cohort retention"),
    description=_t(
        "Customers by the month of their first counted sale. Active: bought in that later month. Survived: bought in"
        " that month or any later one up to the day of the report. A month that had not ended on that day is blank, not"
        " zero; survived is too low for recent months, because those customers may still come back."
    ),
    columns=(
        Column("cohort", "month", _t("First purchase")),
        Column("customers", "integer", _t("Customers")),
        Column("offset", "integer", _t("Months later")),
        Column("active", "integer", _t("Active")),
        Column("survived", "integer", _t("Survived")),
        Column("active_rate", "rate", _t("Active, share")),
        Column("survived_rate", "rate", _t("Survived, share")),
    ),
    parameters=(Parameter("periods", 12, _t("Months")),),
    totals=retention_totals,
    total_columns=(
        Column("cohorts", "integer", _t("Cohorts")),
        Column("customers", "integer", _t("Customers")),
        *(Column(f"after_{k}", "rate", _t("Active after months")) for k in SHOWN),
    ),
    chart="heatmap",
)
def retention(customer_months: ir.Table, *, as_of: date, periods: int = 12) -> ir.Table:
    bounds = customer_months.group_by("customer_id").agg(cohort=_.month.min().cast("int64"), last=_.month.max().cast("int64"))
    sizes = bounds.group_by("cohort").agg(customers=_.count().cast("int64"))
    spans = bounds.group_by("cohort", span=_.last - _.cohort).agg(people=_.count().cast("int64"))
    active = (
        customer_months.join(bounds, "customer_id")
        .group_by("cohort", offset=_.month.cast("int64") - _.cohort)
        .agg(active=_.count().cast("int64"))
    )
    grid = sizes.cross_join(numbers("offset", periods + 1, of=sizes))
    survived = (
        grid.left_join(spans, [grid.cohort == spans.cohort, grid.offset <= spans.span])
        .group_by("cohort", "offset")
        .agg(survived=total(_.people))
    )
    ended = month_key(as_of + timedelta(days=1))
    both = grid.left_join(active, ["cohort", "offset"]).drop("cohort_right", "offset_right")
    cells = both.left_join(survived, ["cohort", "offset"])
    known = (cells.offset == 0) | (cells.cohort + cells.offset < ended)
    blank = ibis.null("int64")
    return (
        cells.mutate(
            active=ibis.ifelse(known, cells.active.fill_null(0), blank),
            survived=ibis.ifelse(known, cells.survived, blank),
        )
        .order_by("cohort", "offset")
        .select(
            "cohort",
            "customers",
            "offset",
            "active",
            "survived",
            active_rate=ratio(_.active, _.customers),
            survived_rate=ratio(_.survived, _.customers),
        )
    )
