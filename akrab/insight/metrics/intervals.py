"""Days between successive purchases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_noop as _t
from ibis import _

from akrab.insight.compat import days_between, ratio, total
from akrab.insight.metrics.counting import purchase_days
from akrab.insight.metrics.registry import Column, metric

BANDS = ((1, 7), (8, 14), (15, 30), (31, 60), (61, 90), (91, 180), (181, 365), (366, None))


def interval_totals(receipts: ir.Table, *, as_of: date) -> ir.Table:
    gaps = _gaps(receipts, as_of=as_of)
    return gaps.agg(
        intervals=gaps.count().cast("int64"),
        median=gaps.gap.quantile(0.5).cast("float64"),
        days=total(gaps.gap),
    ).select("intervals", "median", mean=ratio(_.days, _.intervals))


@metric(
    "purchase_interval",
    title=_t("Days between purchases"),
    description=_t(
        "Distances between successive purchase days of the same customer, in bands: how many such distances, of how many"
        " customers; and how many customers buy at that distance on average, to the nearest day, as their profiles say."
        " Several sales on one day count as one purchase day. Customers with one purchase day have no interval."
    ),
    columns=(
        Column("band_from", "integer", _t("From days")),
        Column("band_to", "integer", _t("To days")),
        Column("intervals", "integer", _t("Intervals")),
        Column("customers", "integer", _t("Customers with such an interval")),
        Column("share", "rate", _t("Share of intervals")),
        Column("usual_customers", "integer", _t("Customers who usually buy so")),
    ),
    totals=interval_totals,
    total_columns=(
        Column("intervals", "integer", _t("Intervals")),
        Column("median", "number", _t("Median days")),
        Column("mean", "number", _t("Average days")),
    ),
    chart="bar",
)
def purchase_interval(receipts: ir.Table, *, as_of: date) -> ir.Table:
    gaps = _gaps(receipts, as_of=as_of)
    people = gaps.group_by("customer_id").agg(days=total(_.gap), number=_.count().cast("int64"))
    one, none = ibis.literal(1, "int64"), ibis.literal(0, "int64")
    each = gaps.select("customer_id", band_from=_band(lambda last: gaps.gap <= last), is_gap=one, is_usual=none)
    # an average of at most `last` days to the nearest one lies below last + 1/2; whole numbers say it without rounding
    usual = _band(lambda last: people.days * 2 < people.number * (2 * last + 1))
    mean = people.select("customer_id", band_from=usual, is_gap=none, is_usual=one)
    ends = [(_.band_from == first, last) for first, last in BANDS if last]
    whole = gaps.agg(whole=gaps.count().cast("int64"))
    return (
        ibis.union(each, mean)
        .group_by("band_from")
        .agg(
            intervals=total(_.is_gap),
            customers=_.customer_id.nunique(where=_.is_gap == 1).cast("int64"),
            usual_customers=total(_.is_usual),
        )
        .cross_join(whole)
        .order_by("band_from")
        .select(
            "band_from",
            "intervals",
            "customers",
            "usual_customers",
            band_to=ibis.cases(*ends, else_=ibis.null("int64")).cast("int64"),
            share=ratio(_.intervals, _.whole),
        )
        .select("band_from", "band_to", "intervals", "customers", "share", "usual_customers")
    )


def _band(reaches: Callable[[int], Any]) -> Any:
    """The first day of the band whose last day something reaches."""
    return ibis.cases(*((reaches(last), first) for first, last in BANDS if last), else_=BANDS[-1][0]).cast("int64")


def _gaps(receipts: ir.Table, *, as_of: date) -> ir.Table:
    days = purchase_days(receipts, as_of=as_of).filter(_.next_on.notnull())
    return days.mutate(gap=days_between(_.next_on, _.business_on))
