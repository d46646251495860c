"""RFM: how recently, how often and for how much each customer bought, cut by value into scores from 1 to 5."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_noop as _t
from ibis import _

from akrab.insight.compat import fifths, how_many, ratio, total
from akrab.insight.metrics.counting import per_customer
from akrab.insight.metrics.registry import Column, Parameter, metric

SEGMENTS = (
    "champions", "loyal", "potential_loyal", "new", "promising",
    "needs_attention", "about_to_sleep", "at_risk", "cannot_lose", "lost",
)  # fmt: skip

RULE = _t(
    "Identified customers. Counted are sales with a net amount above zero, and exchanges for what they sold, that linked"
    " returns have not taken back in full; frequency is their number, money is net of linked returns and of the part paid"
    " with points, without tax. Recency is days from the last one. Scores 1 to 5 by value at the linear quintiles, 5 is"
    " best, ties stay together. Returns without a known sale are reported apart and change nothing here."
)


def cuts(people: ir.Table) -> ir.Table:
    """The quintile cuts, each as five times its value."""
    return people.agg(
        **{f"recency_{k}": fifths(people.since, k) for k in range(1, 5)},
        **{f"frequency_{k}": fifths(people.receipts, k) for k in range(1, 5)},
        **{f"money_{k}": fifths(people.money, k) for k in range(1, 5)},
    )


def above(table: ir.Table, value: Any, name: str) -> Any:
    """How many cuts a value lies above."""
    terms = [ibis.ifelse(value * 5 > table[f"{name}_{k}"], 1, 0) for k in range(1, 5)]
    return terms[0] + terms[1] + terms[2] + terms[3]


def segment(recency: Any, worth: Any) -> Any:
    """The named segment of a recency score and of the mean of frequency and money scores."""
    return ibis.cases(
        ((recency >= 5) & (worth >= 4), "champions"),
        ((recency >= 3) & (worth >= 4), "loyal"),
        ((recency >= 4) & (worth >= 2), "potential_loyal"),
        (recency >= 5, "new"),
        (recency >= 4, "promising"),
        ((recency >= 3) & (worth >= 3), "needs_attention"),
        (recency >= 3, "about_to_sleep"),
        (worth >= 5, "cannot_lose"),
        (worth >= 3, "at_risk"),
        else_="lost",
    )


def scored(customer_months: ir.Table, *, as_of: date) -> ir.Table:
    """One row per customer with scores and segment."""
    people = per_customer(customer_months, as_of=as_of)
    table = people.cross_join(cuts(people))
    return (
        table.mutate(
            recency_score=(5 - above(table, table.since, "recency")).cast("int64"),
            frequency_score=(1 + above(table, table.receipts, "frequency")).cast("int64"),
            money_score=(1 + above(table, table.money, "money")).cast("int64"),
        )
        .mutate(worth=(_.frequency_score + _.money_score + 1) // 2)
        .mutate(segment=segment(_.recency_score, _.worth))
    )


def totals(customer_months: ir.Table, *, as_of: date) -> ir.Table:
    """Customers, receipts, revenue, one-time buyers and the cuts."""
    people = per_customer(customer_months, as_of=as_of)
    sums = people.agg(
        customers=people.count().cast("int64"),
        receipts=total(people.receipts),
        revenue=total(people.money),
        one_time_buyers=how_many(people.receipts == 1),
    )
    limits = cuts(people)
    names = {f"cuts__{name}": name for name in limits.columns}
    return sums.cross_join(limits.rename(names))


TOTALS = (
    Column("customers", "integer", _t("Customers")),
    Column("receipts", "integer", _t("Receipts")),
    Column("revenue", "money", _t("Revenue")),
    Column("one_time_buyers", "integer", _t("Bought once")),
    *(Column(f"cuts__recency_{k}", "fifth", _t("Recency cut")) for k in range(1, 5)),
    *(Column(f"cuts__frequency_{k}", "fifth", _t("Frequency cut")) for k in range(1, 5)),
    *(Column(f"cuts__money_{k}", "money_fifth", _t("Money cut")) for k in range(1, 5)),
)


@metric(
    "rfm",
    title=_t("RFM segments"),
    description=RULE,
    columns=(
        Column("segment", "segment", _t("Segment")),
        Column("customers", "integer", _t("Customers")),
        Column("share", "rate", _t("Share of customers")),
        Column("receipts", "integer", _t("Receipts")),
        Column("revenue", "money", _t("Revenue")),
        Column("revenue_share", "rate", _t("Share of revenue")),
        Column("recency", "number", _t("Days since last purchase, average")),
    ),
    totals=totals,
    total_columns=TOTALS,
    chart="bar",
)
def rfm(customer_months: ir.Table, *, as_of: date) -> ir.Table:
    groups = (
        scored(customer_months, as_of=as_of)
        .group_by("segment")
        .agg(
            customers=_.count().cast("int64"),
            receipts=total(_.receipts),
            revenue=total(_.money),
            days=total(_.since),
        )
    )
    whole = groups.agg(all_customers=total(groups.customers), all_revenue=total(groups.revenue))
    place = ibis.cases(*((groups.segment == name, index) for index, name in enumerate(SEGMENTS)), else_=99)
    return (
        groups.mutate(place=place)
        .cross_join(whole)
        .order_by("place")
        .select(
            "segment",
            "customers",
            "receipts",
            "revenue",
            share=ratio(_.customers, _.all_customers),
            revenue_share=ratio(_.revenue, _.all_revenue),
            recency=ratio(_.days, _.customers),
        )
        .select("segment", "customers", "share", "receipts", "revenue", "revenue_share", "recency")
    )


@metric(
    "rfm_customers",
    title=_t("RFM of each customer"),
    description=RULE,
    columns=(
        Column("customer_id", "customer", _t("Customer")),
        Column("recency", "integer", _t("Days since last purchase")),
        Column("frequency", "integer", _t("Receipts")),
        Column("money", "money", _t("Revenue")),
        Column("recency_score", "integer", _t("Recency score")),
        Column("frequency_score", "integer", _t("Frequency score")),
        Column("money_score", "integer", _t("Money score")),
        Column("segment", "segment", _t("Segment")),
    ),
    parameters=(Parameter("segment", "", _t("Segment"), ("", *SEGMENTS)),),
)
def rfm_customers(customer_months: ir.Table, *, as_of: date, segment: str = "") -> ir.Table:
    people = scored(customer_months, as_of=as_of)
    if segment:
        people = people.filter(_.segment == segment)
    return people.select(
        "customer_id",
        "recency_score",
        "frequency_score",
        "money_score",
        "segment",
        recency=_.since,
        frequency=_.receipts,
        money=_.money,
    ).select(
        "customer_id", "recency", "frequency", "money", "recency_score", "frequency_score", "money_score", "segment"
    ).order_by(ibis.desc("money"), "customer_id")  # fmt: skip
