"""The one place that knows where engines differ; metrics use these instead of the bare expressions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir


def day(value: date) -> ir.DateScalar:
    """A date literal; engines disagree about strings compared with dates."""
    return ibis.date(value.year, value.month, value.day)


def month_of(column: Any) -> Any:
    """Month key `year * 12 + month - 1`; truncation and strftime differ, integers do not."""
    return column.year().cast("int64") * 12 + column.month().cast("int64") - 1


def month_key(value: date) -> int:
    return value.year * 12 + value.month - 1


def days_between(later: Any, earlier: Any) -> Any:
    """Whole days between two dates. Both sides must be dates: of timestamps DuckDB counts midnights, Spark 24 hours."""
    return later.delta(earlier, unit="day").cast("int64")


def ratio(part: Any, whole: Any) -> Any:
    """part / whole as a float, NULL when the whole is zero (DuckDB would give infinity, Spark an error)."""
    return part.cast("float64") / whole.cast("float64").nullif(0.0)


def how_many(condition: Any) -> Any:
    """How many rows meet a condition: 0 and never NULL (Spark sums the condition, which is NULL over nothing)."""
    return ibis.ifelse(condition, 1, 0).sum().fill_null(0).cast("int64")


def total_where(value: Any, condition: Any) -> Any:
    """Sum of an integer over the rows that meet a condition, 0 when none does."""
    return ibis.ifelse(condition, value, 0).sum().fill_null(0).cast("int64")


def total(value: Any) -> Any:
    """Sum of an integer column as an integer, 0 over nothing."""
    return value.sum().fill_null(0).cast("int64")


def fifths(column: Any, k: int) -> Any:
    """Five times the k-th quintile (linear interpolation) of an integer column, as an exact integer.

    A linear quintile of integers is a whole number of fifths. Engines round the interpolation differently in the last
    bit, which would move a whole group of ties over a cut; the integer is the same everywhere.
    """
    return (column.quantile(k / 5) * 5).round().cast("int64")


def running_number(group: Sequence[Any], order: Sequence[Any]) -> Any:
    """1, 2, 3 … within a group. The order must be total, or engines pick different rows among ties."""
    return ibis.row_number().over(ibis.window(group_by=list(group), order_by=list(order))).cast("int64") + 1


PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}


def period_of(column: Any, period: str) -> Any:
    """The first day of the period that a date lies in; weeks begin on Monday.

    Goes through a timestamp because Spark's truncation gives one even for a date.
    """
    return column if period == "day" else column.cast("timestamp").truncate(PERIODS[period]).cast("date")


def numbers(name: str, count: int, *, of: ir.Table) -> ir.Table:
    """A table of 0 … count - 1, living in the engine of another table; empty when that one is.

    The bounds are 64-bit at once: Spark refuses a cast around an unnesting.
    """
    bounds = ibis.range(ibis.literal(0, "int64"), ibis.literal(count, "int64"))
    return of.limit(1).select(**{name: bounds.unnest()})
