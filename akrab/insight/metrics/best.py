"""Top customers by money kept."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_noop as _t
from ibis import _

from akrab.insight.compat import ratio, running_number, total
from akrab.insight.metrics.counting import per_customer
from akrab.insight.metrics.registry import Column, Parameter, metric


@metric(
    "top_customers",
    title=_t("Top customers"),
    description=_t(
        "Identified customers by what they spent in counted sales, net of linked returns and of the part paid with"
        " points, with their share of what all identified customers spent."
    ),
    columns=(
        Column("place", "integer", _t("Place")),
        Column("customer_id", "customer", _t("Customer")),
        Column("name", "text", _t("Name")),
        Column("receipts", "integer", _t("Receipts")),
        Column("revenue", "money", _t("Revenue")),
        Column("share", "rate", _t("Share of revenue")),
        Column("last_on", "date", _t("Last purchase")),
    ),
    parameters=(Parameter("limit", 20, _t("Rows")),),
    chart="bar",
)
def top_customers(customer_months: ir.Table, customers: ir.Table, *, as_of: date, limit: int = 20) -> ir.Table:
    people = per_customer(customer_months, as_of=as_of)
    whole = people.agg(whole=total(people.money))
    best = people.order_by(ibis.desc("money"), "customer_id").limit(limit)
    names = customers.select("customer_id", "name")
    return (
        best.mutate(place=running_number([], [ibis.desc("money"), best.customer_id]))
        .left_join(names, "customer_id")
        .cross_join(whole)
        .order_by("place")
        .select("place", "customer_id", "name", "receipts", "money", "last_on", share=ratio(_.money, _.whole))
        .select("place", "customer_id", "name", "receipts", "share", "last_on", revenue=_.money)
        .select("place", "customer_id", "name", "receipts", "revenue", "share", "last_on")
    )
