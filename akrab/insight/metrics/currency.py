"""Brings receipts of several currencies to the reporting currency."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _


def receipts_in_reporting_currency(receipts: ir.Table) -> ir.Table:
    """Receipts with what metrics read of them at the rate of their day; those without a rate are left out."""
    known = receipts.filter(_.base_net.notnull())
    return known.drop("tax", "total").mutate(
        net=_.base_net,
        returned=_at_rate(_.returned),
        brought_back=_.base_brought_back,
        paid_with_points=_at_rate(_.paid_with_points),
    )


def lines_in_reporting_currency(lines: ir.Table) -> ir.Table:
    """Lines with their net amount at the rate of their receipt."""
    return lines.filter(_.base_net.notnull()).mutate(net=_.base_net)


def _at_rate(amount: Any) -> Any:
    """An amount at the rate of its receipt, taken from what that sells: an even exchange has a net of zero.

    What sells nothing tells no rate, and has no amount but nothing.
    """
    base, own = _.base_net + _.base_brought_back, _.net + _.brought_back
    rate = base.cast("float64") / own.cast("float64").nullif(0.0)
    converted = (amount.cast("float64") * rate).round().cast("int64").fill_null(0)
    return ibis.ifelse((base == own) & (own != 0), amount, converted)
