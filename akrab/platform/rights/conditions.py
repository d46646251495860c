"""Conditions on rows of a protected object, written once and compiled to SQL text or to a Django filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import BooleanField, F, Func, Q, Value

OPERATORS = {
    "eq": "{} = {}",
    "ne": "{} <> {}",
    "any": "{} = ANY({})",
    "overlap": "{} && {}",
    "ge": "{} >= {}",
    "le": "{} <= {}",
    "has": "{} ILIKE {}",
}


@dataclass(frozen=True, slots=True)
class Term:
    """One column against one value."""

    column: str
    operator: str
    value: Any
    cast: str = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """One column without a value."""

    column: str


@dataclass(frozen=True, slots=True)
class Inside:
    """The column points to a row of another object that its own condition lets through."""

    column: str
    table: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Whole:
    """Every row, or none."""

    holds: bool


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


@dataclass(frozen=True, slots=True)
class Several:
    """All of the parts, or any of them."""

    joined: str
    parts: tuple[Condition, ...]


Condition = Term | Absent | Inside | Whole | Not | Several
EVERYTHING = Whole(True)
NOTHING = Whole(False)


def every(parts: Iterable[Condition]) -> Condition:
    """True where all parts are."""
    kept = [part for part in parts if part != EVERYTHING]
    if NOTHING in kept:
        return NOTHING
    return EVERYTHING if not kept else kept[0] if len(kept) == 1 else Several("AND", tuple(kept))


def some(parts: Iterable[Condition]) -> Condition:
    """True where any part is."""
    kept = [part for part in parts if part != NOTHING]
    if EVERYTHING in kept:
        return EVERYTHING
    return NOTHING if not kept else kept[0] if len(kept) == 1 else Several("OR", tuple(kept))


def no(part: Condition) -> Condition:
    """True where the part is not; a row with nothing in the column counts as not."""
    return Whole(not part.holds) if isinstance(part, Whole) else Not(part)


def decided_by(columns: frozenset[str], condition: Condition, *, doubtful: Condition = NOTHING) -> Condition:
    """The condition as far as these columns alone decide it; where others have a word, `doubtful` stands."""
    match condition:
        case Whole():
            return condition
        case Not():
            return no(decided_by(columns, condition.part, doubtful=no(doubtful)))
        case Several():
            join = every if condition.joined == "AND" else some
            return join(decided_by(columns, part, doubtful=doubtful) for part in condition.parts)
        case _:
            return condition if condition.column in columns else doubtful


def as_sql(condition: Condition, alias: str, *, prefix: str = "may") -> tuple[str, dict[str, Any]]:
    """The condition as SQL text over a table's alias, with its named parameters."""
    values: dict[str, Any] = {}
    return _sql(condition, alias, prefix, values), values


def _sql(condition: Condition, alias: str, prefix: str, values: dict[str, Any]) -> str:
    match condition:
        case Whole():
            return "true" if condition.holds else "false"
        case Not():
            return f"({_sql(condition.part, alias, prefix, values)}) IS NOT TRUE"
        case Several():
            return "(" + f" {condition.joined} ".join(_sql(part, alias, prefix, values) for part in condition.parts) + ")"
        case Inside():
            inner = f"{alias}_{condition.table.rpartition('_')[2]}"
            return (
                f"EXISTS (SELECT 1 FROM {condition.table} {inner} WHERE {inner}.id = {alias}.{condition.column} "
                f"AND {_sql(condition.condition, inner, prefix, values)})"
            )
        case Absent():
            return f"{alias}.{condition.column} IS NULL"
        case Term():
            name = f"{prefix}_{len(values)}"
            values[name] = condition.value
            mark = f"%({name})s" + (f"::{condition.cast}" if condition.cast else "")
            return OPERATORS[condition.operator].format(f"{alias}.{condition.column}", mark)


class _Holds(Func):
    function = ""
    template = "%(expressions)s"
    output_field: ClassVar[BooleanField[bool, bool]] = BooleanField()

    def __init__(self, text: str, *columns: Any) -> None:
        self.text = text
        super().__init__(*columns)

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> Any:  # type: ignore[override]
        parts = [compiler.compile(one) for one in self.source_expressions]
        return self.text.format(*(sql for sql, _values in parts)), [value for _sql, values in parts for value in values]


class _Cast(Value):
    """A value with its PostgreSQL type, so that an array of ids is an array of ids."""

    def __init__(self, value: Any, cast: str) -> None:
        super().__init__(value)
        self.cast = cast

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return (f"%s::{self.cast}" if self.cast else "%s"), [self.value]


def as_q(condition: Condition, *, through: str = "") -> Q:
    """The condition as a Django filter; `through` is the way to the object from the filtered model, with `__`."""
    match condition:
        case Whole():
            return Q() if condition.holds else Q(pk__in=[])
        case Not():
            return Q(_Holds("({}) IS NOT TRUE", _expression(condition.part, through)))
        case _:
            return Q(_expression(condition, through))


def _expression(condition: Condition, through: str) -> Any:
    match condition:
        case Whole():
            return _Holds("true" if condition.holds else "false")
        case Not():
            return _Holds("({}) IS NOT TRUE", _expression(condition.part, through))
        case Several():
            marks = f" {condition.joined} ".join(["{}"] * len(condition.parts))
            return _Holds(f"({marks})", *(_expression(part, through) for part in condition.parts))
        case Inside():
            way = condition.column.removesuffix("_id")
            return _expression(condition.condition, f"{through}{way}__")
        case Absent():
            return _Holds("{} IS NULL", F(f"{through}{condition.column}"))
        case Term():
            value = _Cast(condition.value, condition.cast)
            return _Holds(OPERATORS[condition.operator], F(f"{through}{condition.column}"), value)
