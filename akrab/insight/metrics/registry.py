"""Declares metrics: pure functions from tables of the lake to a table."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from akrab.insight import metrics


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result.

    `type` is text, integer, number, rate, money, fifth or money_fifth (five times the value), date, month
    (`year * 12 + month - 1`), customer, branch or segment.
    """

    name: str
    type: str
    label: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One choice of the reader besides the day: its name, what it may be and what it is by itself."""

    name: str
    default: Any
    label: str
    choices: Sequence[str] = ()

    def read(self, text: str) -> Any:
        """The value that a word of the command line or of an address stands for."""
        kind = type(self.default)
        value = kind(text)
        if self.choices and value not in self.choices:
            raise ValueError(text)
        return value


@dataclass(frozen=True, slots=True)
class Metric:
    """A declared metric: what it means, what it takes, what it gives."""

    name: str
    title: str
    description: str
    function: Callable[..., Any]
    inputs: Sequence[str]
    columns: Sequence[Column]
    parameters: Sequence[Parameter]
    totals: Callable[..., Any] | None
    total_columns: Sequence[Column]
    chart: str | None

    def parameter(self, name: str) -> Parameter:
        return next(each for each in self.parameters if each.name == name)


METRICS: dict[str, Metric] = {}

Function = Callable[..., Any]


def metric(
    name: str,
    *,
    title: str,
    description: str,
    columns: Sequence[Column],
    parameters: Sequence[Parameter] = (),
    totals: Function | None = None,
    total_columns: Sequence[Column] = (),
    chart: str | None = None,
) -> Callable[[Function], Function]:
    """Register a function; its positional arguments name the tables it reads, `as_of` is always given."""

    def declare(function: Function) -> Function:
        METRICS[name] = Metric(
            name=name,
            title=title,
            description=description,
            function=function,
            inputs=inputs_of(function),
            columns=tuple(columns),
            parameters=tuple(parameters),
            totals=totals,
            total_columns=tuple(total_columns),
            chart=chart,
        )
        return function

    return declare


def inputs_of(function: Function) -> tuple[str, ...]:
    """The tables that a metric or a totals function reads."""
    arguments = inspect.signature(function).parameters.values()
    return tuple(each.name for each in arguments if each.kind is each.POSITIONAL_OR_KEYWORD)


def accepts(function: Function, given: Mapping[str, Any]) -> dict[str, Any]:
    """The part of `given` that a function takes by keyword."""
    names = inspect.signature(function).parameters
    return {name: value for name, value in given.items() if name in names}


def all_metrics() -> dict[str, Metric]:
    """Every metric by name; the first call imports their files, and Ibis with them."""
    for module in pkgutil.iter_modules(metrics.__path__):
        import_module(f"{metrics.__name__}.{module.name}")
    return dict(sorted(METRICS.items()))
