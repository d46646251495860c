"""A report as plain values: exact decimals, ISO dates, and totals grouped by their names."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from akrab.insight.metrics.registry import Column
from akrab.insight.queries.reports import Report
from akrab.platform.money import exponent, to_decimal


def plain_report(report: Report) -> dict[str, Any]:
    """The report as a JSON object; totals stand at the top, `a__b_1`, `a__b_2` become a list `a.b`."""
    body: dict[str, Any] = {
        "report": report.name,
        "as_of": report.as_of.isoformat(),
        "parameters": dict(report.parameters),
        "currency": report.currency,
        "engine": report.engine,
        "snapshot": report.snapshot,
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "data_until": report.data_until.isoformat() if report.data_until else None,
        "rule": report.description,
    }
    for column, value in zip(report.total_columns, report.totals, strict=True):
        _place(body, column.name, plain_value(column, value, report.currency))
    body["rows"] = [
        {column.name: plain_value(column, value, report.currency) for column, value in zip(report.columns, row, strict=True)}
        for row in report.rows
    ]
    return body


def plain_value(column: Column, value: Any, currency: str) -> Any:
    """One value: money as an exact decimal, a month as 2011-12, a fifth as a number, a date in ISO form."""
    if value is None:
        return None
    match column.type:
        case "money":
            return to_decimal(value, currency)
        case "money_number":
            return _rounded(Decimal(value), currency)
        case "money_fifth":
            return _rounded(Decimal(value) / 5, currency)
        case "fifth":
            return value / 5
        case "month":
            return f"{value // 12:04}-{value % 12 + 1:02}"
        case _:
            return value.isoformat() if isinstance(value, date) else value


def as_json(body: dict[str, Any]) -> str:
    """JSON text in which an exact decimal is a number with all its digits (8911407.90)."""
    text = json.dumps(body, default=_marked, ensure_ascii=False, indent=2)
    return re.sub(r'"\\u0000(-?[0-9.]+)"', r"\1", text)


def _marked(value: Any) -> str:
    """A decimal as a string that no data can hold, for `as_json` to strip."""
    assert isinstance(value, Decimal)
    return f"\0{value:f}"


def _rounded(minor: Decimal, currency: str) -> Decimal:
    return minor.scaleb(-exponent(currency)).quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_EVEN)


def _place(body: dict[str, Any], name: str, value: Any) -> None:
    group, _, rest = name.partition("__")
    if not rest:
        body[name] = value
        return
    body.setdefault(group, {}).setdefault(rest.rpartition("_")[0], []).append(value)
