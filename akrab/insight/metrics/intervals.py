"""Days between successive purchases."""

from __future__ import annotations

from datetime import date

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
        "Distances between successive purchase days of the same customer, in bands. Several sales on one day count as"
        " one purchase day. Customers with one purchase day have no interval."
    ),
    columns=(
        Column("band_from", "integer", _t("From days")),
        Column("band_to", "integer", _t("To days")),
        Column("intervals", "integer", _t("Intervals")),
        Column("customers", "integer", _t("Customers")),
        Column("share", "rate", _t("Share")),
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
    bands = [(gaps.gap <= last, first) for first, last in BANDS if last]
    ends = [(_.band_from == first, last) for first, last in BANDS if last]
    whole = gaps.agg(whole=gaps.count().cast("int64"))
    return (
        gaps.mutate(band_from=ibis.cases(*bands, else_=BANDS[-1][0]).cast("int64"))
        .group_by("band_from")
        .agg(intervals=_.count().cast("int64"), customers=_.customer_id.nunique().cast("int64"))
        .cross_join(whole)
        .order_by("band_from")
        .select(
            "band_from",
            "intervals",
            "customers",
            band_to=ibis.cases(*ends, else_=ibis.null("int64")).cast("int64"),
            share=ratio(_.intervals, _.whole),
        )
        .select("band_from", "band_to", "intervals", "customers", "share")
    )


def _gaps(receipts: ir.Table, *, as_of: date) -> ir.Table:
    days = purchase_days(receipts, as_of=as_of).filter(_.next_on.notnull())
    return days.mutate(gap=days_between(_.next_on, _.business_on))
