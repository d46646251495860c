"""A chart as finished data: what the drawing script needs, and the same numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from akrab.platform import money
from akrab.platform.templatetags.shell import language, number, percent

Value = float | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One line, row of bars or heat map row; `links` drill, one per value. Money values are minor units."""

    name: str
    values: Sequence[Value]
    links: Sequence[str] | None = None
    kind: str | None = None
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`kind`: bar, line, area, stacked, pie or heatmap. `format`: number, money or percent (shares of 1)."""

    kind: str
    labels: Sequence[str]
    series: Sequence[Series]
    format: str = "number"
    currency: str | None = None
    digits: int | None = None
    horizontal: bool = False
    title: str = ""
    label: str = ""
    max: float | None = None
    key: str = field(default_factory=lambda: f"chart-{uuid4().hex[:8]}")

    @property
    def is_empty(self) -> bool:
        return not any(value for one in self.series for value in one.values)

    def spec(self) -> dict[str, Any]:
        """The description that the drawing script reads."""
        spec = asdict(self)
        for one in spec["series"]:
            one["values"] = [self._drawn(value) for value in one["values"]]
        if self.format == "money" and self.currency:
            spec |= {"symbol": money.symbol(self.currency, language()), "digits": money.shown_places(self.currency)}
        return spec

    def rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The table beside the chart: a label and, per series, the shown value and its link."""
        return [(name, [self._cell(one, at) for one in self.series]) for at, name in enumerate(self.labels)]

    def show(self, value: Value) -> str:
        if value is None:
            return "\N{EN DASH}"
        if self.format == "money" and self.currency:
            return money.show(int(value), self.currency, language())
        if self.format == "percent":
            return percent(value, 1 if self.digits is None else self.digits)
        return number(value, self.digits or 0)

    def _drawn(self, value: Value) -> Value:
        if value is None or self.format != "money" or not self.currency:
            return value
        return float(money.to_decimal(int(value), self.currency))

    def _cell(self, one: Series, at: int) -> tuple[str, str]:
        value = one.values[at] if at < len(one.values) else None
        return self.show(value), one.links[at] if one.links and at < len(one.links) else ""
