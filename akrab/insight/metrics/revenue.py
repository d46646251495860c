"""Revenue by period, branch, channel and category: sales less what returns took away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_noop as _t
from ibis import _

from akrab.insight.compat import day, how_many, period_of, ratio, total, total_where
from akrab.insight.metrics.registry import Column, Parameter, metric

RULE = _t(
    "All counted documents, identified or not: sales, less returns on the day they were made, with adjustments; an"
    " exchange sells and takes back. Without tax, shipping and rounding. Receipts are the documents that sold something."
)

FIGURES = (
    Column("receipts", "integer", _t("Receipts")),
    Column("sales", "money", _t("Sales")),
    Column("returns", "money", _t("Returns")),
    Column("revenue", "money", _t("Revenue")),
)
SHARE = Column("share", "rate", _t("Share"))
DAYS = Parameter("days", 365, _t("Days back (0: all)"))


def in_window(receipts: ir.Table, *, as_of: date, days: int = 0) -> ir.Table:
    """Documents up to the day, and not older than `days` (0: all)."""
    until = receipts.filter(_.business_on <= day(as_of))
    return until.filter(_.business_on > day(as_of - timedelta(days=days))) if days else until


def figures(documents: ir.Table, by: Sequence[Any]) -> ir.Table:
    """Receipts, sales, returns and revenue of each group, and the part of known customers."""
    return (
        split(documents)
        .group_by(*by)
        .agg(
            receipts=how_many(_.sold > 0),
            sales=total_where(_.sold, _.sold > 0),
            returns=total(_.took),
            revenue=total(_.net),
            identified=total_where(_.net, _.customer_id.notnull()),
        )
    )


def split(documents: ir.Table) -> ir.Table:
    """Documents with what they sold and what they took back; an exchange does both."""
    sold = documents.net + documents.brought_back
    return documents.mutate(sold=sold, took=ibis.ifelse(sold > 0, 0, sold) - documents.brought_back)


def shared(groups: ir.Table) -> ir.Table:
    """The groups with their share of all revenue."""
    whole = groups.agg(whole=total(groups.revenue))
    return groups.cross_join(whole).mutate(share=ratio(_.revenue, _.whole)).drop("whole")


def revenue_totals(receipts: ir.Table, *, as_of: date, days: int = 0) -> ir.Table:
    documents = split(in_window(receipts, as_of=as_of, days=days))
    swapped = (documents.kind == "exchange") & (documents.brought_back > 0)
    is_blind = ((documents.kind == "return") | swapped) & documents.original_id.isnull()
    return documents.agg(
        receipts=how_many(documents.sold > 0),
        sales=total_where(documents.sold, documents.sold > 0),
        returns=total(documents.took),
        revenue=total(documents.net),
        blind_returns=how_many(is_blind),
        blind_returned=total_where(ibis.ifelse(swapped, -documents.brought_back, documents.net), is_blind),
    )


TOTALS = (
    *FIGURES,
    Column("blind_returns", "integer", _t("Returns without a known sale")),
    Column("blind_returned", "money", _t("Returned without a known sale")),
)


@metric(
    "revenue",
    title=_t("Revenue"),
    description=RULE,
    columns=(
        Column("period", "date", _t("From")),
        *FIGURES,
        Column("identified", "money", _t("From known customers")),
    ),
    parameters=(
        Parameter("period", "month", _t("Period"), ("day", "week", "month", "quarter", "year")),
        Parameter("days", 0, _t("Days back (0: all)")),
    ),
    totals=revenue_totals,
    total_columns=TOTALS,
    chart="line",
)
def revenue(receipts: ir.Table, *, as_of: date, period: str = "month", days: int = 0) -> ir.Table:
    documents = in_window(receipts, as_of=as_of, days=days).mutate(period=period_of(_.business_on, period))
    return (
        figures(documents, ["period"])
        .order_by("period")
        .select("period", "receipts", "sales", "returns", "revenue", "identified")
    )


@metric(
    "revenue_by_branch",
    title=_t("Revenue by branch"),
    description=RULE,
    columns=(
        Column("branch_id", "branch", _t("Branch")),
        Column("name", "text", _t("Name")),
        *FIGURES,
        SHARE,
    ),
    parameters=(DAYS,),
    totals=revenue_totals,
    total_columns=TOTALS,
    chart="bar",
)
def revenue_by_branch(receipts: ir.Table, branches: ir.Table, *, as_of: date, days: int = 365) -> ir.Table:
    groups = shared(figures(in_window(receipts, as_of=as_of, days=days), ["branch_id"]))
    return (
        groups.left_join(branches.select("branch_id", "name"), "branch_id")
        .order_by(ibis.desc("revenue"), "branch_id")
        .select("branch_id", "name", "receipts", "sales", "returns", "revenue", "share")
    )


@metric(
    "revenue_by_channel",
    title=_t("Revenue by channel"),
    description=RULE,
    columns=(Column("channel", "channel", _t("Channel")), *FIGURES, SHARE),
    parameters=(DAYS,),
    totals=revenue_totals,
    total_columns=TOTALS,
    chart="bar",
)
def revenue_by_channel(receipts: ir.Table, *, as_of: date, days: int = 365) -> ir.Table:
    groups = shared(figures(in_window(receipts, as_of=as_of, days=days), ["channel"]))
    return groups.order_by(ibis.desc("revenue"), "channel").select("channel", "receipts", "sales", "returns", "revenue", "share")


@metric(
    "revenue_by_category",
    title=_t("Revenue by category"),
    description=_t(
        "Lines of all counted documents by the category of their product now; lines without a product or category stand"
        " together under an empty name. Lines that came back take away, on the day of the return."
    ),
    columns=(
        Column("category_id", "category", _t("Category")),
        Column("category", "text", _t("Name")),
        Column("lines", "integer", _t("Lines sold")),
        Column("quantity", "number", _t("Quantity")),
        Column("sales", "money", _t("Sales")),
        Column("returns", "money", _t("Returns")),
        Column("revenue", "money", _t("Revenue")),
        SHARE,
    ),
    parameters=(DAYS,),
    chart="bar",
)
def revenue_by_category(lines: ir.Table, products: ir.Table, *, as_of: date, days: int = 365) -> ir.Table:
    per_product = (
        in_window(lines, as_of=as_of, days=days)
        .group_by("product_id")
        .agg(
            lines=how_many(_.net > 0),
            quantity=_.quantity.sum().fill_null(0.0),
            sales=total_where(_.net, _.net > 0),
            returns=total_where(_.net, _.net < 0),
        )
    )
    named = per_product.left_join(products.select("product_id", "category_id", "category"), "product_id")
    groups = named.group_by("category_id", category=_.category.fill_null("")).agg(
        lines=total(_.lines), quantity=_.quantity.sum(), sales=total(_.sales), returns=total(_.returns)
    )
    return (
        shared(groups.mutate(revenue=_.sales + _.returns))
        .order_by(ibis.desc("revenue"), "category")
        .select("category_id", "category", "lines", "quantity", "sales", "returns", "revenue", "share")
    )
