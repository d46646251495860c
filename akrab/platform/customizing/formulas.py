"""Formulas: a small language of fields, numbers and a few functions, checked and compiled to one SQL expression.

Parsed as Python, but only what stands here is taken. Inside a formula money counts in whole units and moments are days of the
company's zone; where a value is missing, so is the result, and a division by zero gives nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from akrab.platform.customizing.declaring import Customizable
from akrab.platform.customizing.expressions import value_sql
from akrab.platform.customizing.fields import Custom
from akrab.platform.money import exponent
from akrab.platform.refusal import Refusal

MOST_PARTS = 200
LONGEST_SQL = 12_000
_IF = re.compile(r"\bif\s*\(", re.IGNORECASE)
_NUMBERS = frozenset({"number", "money"})
_ZONE = settings.TIME_ZONE


class BadFormula(Refusal):
    code = "formula_invalid"
    status = 422
    message = _("This formula cannot be used: %(why)s")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of SQL and the kind of its value."""

    sql: str
    kind: str


@dataclass(slots=True)
class Formula:
    """A compiled formula: its SQL in the kept form, the kind of its values, what it uses, by which fields it is closed."""

    sql: str
    kind: str
    currency: str = ""
    uses: list[str] = field(default_factory=list)
    protects: list[str] = field(default_factory=list)


def compiled(text: str, what: Customizable, fields: Mapping[str, Custom], *, key: str = "") -> Formula:
    """The SQL of a formula over an object with these custom fields by key; `key` is the field that it is for."""
    try:
        tree = ast.parse(_IF.sub("IF(", text.strip()), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise BadFormula(why=_("it is not written as one")) from problem
    if sum(1 for _one in ast.walk(tree)) > MOST_PARTS:
        raise BadFormula(why=_("it is too long"))
    work = _Work(what, fields, key)
    part = work.part(tree.body)
    if len(part.sql) > LONGEST_SQL:
        raise BadFormula(why=_("it is too long"))
    currency = next(iter(work.currencies), settings.CURRENCY)
    sql = {
        "money": f"round(({part.sql}) * {10 ** exponent(currency)})",
        "number": f"round({part.sql}, 6)",
        "date": f"to_char({part.sql}, 'YYYY-MM-DD')",
    }.get(part.kind, part.sql)
    return Formula(f"({sql})", part.kind, currency, sorted(work.uses), sorted(work.protects))


@dataclass(slots=True)
class _Work:
    what: Customizable
    fields: Mapping[str, Custom]
    key: str
    uses: set[str] = field(default_factory=set)
    protects: set[str] = field(default_factory=set)
    currencies: set[str] = field(default_factory=set)

    def part(self, node: ast.expr) -> Part:
        match node:
            case ast.Constant(value=bool() as truth):
                return Part("true" if truth else "false", "boolean")
            case ast.Constant(value=int() | float() as number):
                return Part(f"{_bounded(number)}::numeric", "number")
            case ast.Constant(value=str() as words):
                return Part(_quoted(words), "text")
            case ast.Name(id=name):
                return self.named(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.demand(operand, _NUMBERS)
                return Part(f"(-{inner.sql})", inner.kind)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Part(f"(NOT {self.demand(operand, {'boolean'}).sql})", "boolean")
            case ast.BoolOp(op=op, values=values):
                sign = " AND " if isinstance(op, ast.And) else " OR "
                return Part(f"({sign.join(self.demand(one, {'boolean'}).sql for one in values)})", "boolean")
            case ast.BinOp(left=left, op=op, right=right):
                return self.worked(self.part(left), op, self.part(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.compared(self.part(left), op, self.part(right))
            case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
                return self.called(name.lower(), given)
        raise BadFormula(why=_("it uses something that is not known"))

    def demand(self, node: ast.expr, kinds: Any) -> Part:
        part = self.part(node)
        if part.kind not in kinds:
            raise BadFormula(why=_("it mixes kinds that do not go together"))
        return part

    def named(self, name: str) -> Part:
        name = name.lower()
        custom = self.fields.get(name)
        if custom is not None:
            return self.custom(custom)
        known = self.what.columns.get(name)
        if known is None:
            raise BadFormula(why=_("there is no field %(name)s") % {"name": name[:40]})
        if known.protects:
            self.protects.add(known.protects)
        if known.kind == "money":
            return self.money(known.sql, settings.CURRENCY)
        if known.kind == "moment":
            return Part(f"({known.sql} AT TIME ZONE '{_ZONE}')::date", "date")
        return Part(f"({known.sql})", known.kind)

    def custom(self, custom: Custom) -> Part:
        if custom.key == self.key or self.key in custom.options.get("uses", ()):
            raise BadFormula(why=_("it would rest on itself through %(name)s") % {"name": custom.title})
        self.uses |= {custom.key, *custom.options.get("uses", ())}
        self.protects |= {custom.name, *custom.options.get("protects", ())}
        sql = value_sql(custom)
        match custom.kind:
            case "money":
                return self.money(sql, custom.currency)
            case "date":
                return Part(f"({sql})::date", "date")
            case "moment":
                return Part(f"(({sql})::timestamptz AT TIME ZONE '{_ZONE}')::date", "date")
            case "choice" | "text" | "long" | "url":
                return Part(sql, "text")
            case "number" | "boolean":
                return Part(sql, custom.kind)
        raise BadFormula(why=_("%(name)s is of a kind that formulas cannot use") % {"name": custom.title})

    def money(self, sql: str, currency: str) -> Part:
        self.currencies.add(currency)
        if len(self.currencies) > 1:
            raise BadFormula(why=_("it mixes currencies"))
        return Part(f"({sql} / {10 ** exponent(currency)}.0)", "money")

    def worked(self, left: Part, op: ast.operator, right: Part) -> Part:
        kinds = (left.kind, right.kind)
        if isinstance(op, ast.Add) and kinds == ("text", "text"):
            return Part(f"(coalesce({left.sql}, '') || coalesce({right.sql}, ''))", "text")
        if isinstance(op, ast.Sub) and kinds == ("date", "date"):
            return Part(f"({left.sql} - {right.sql})::numeric", "number")
        if isinstance(op, ast.Add | ast.Sub) and kinds == ("date", "number"):
            sign = "+" if isinstance(op, ast.Add) else "-"
            return Part(f"({left.sql} {sign} least(greatest({right.sql}, -365000), 365000)::int)", "date")
        sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}.get(type(op), "")
        if not sign or not set(kinds) <= _NUMBERS:
            raise BadFormula(why=_("it mixes kinds that do not go together"))
        kind = "money" if "money" in kinds and not (sign == "/" and right.kind == "money") else "number"
        divisor = f"nullif({right.sql}, 0)" if sign == "/" else right.sql
        return Part(f"({left.sql} {sign} {divisor})", kind)

    def compared(self, left: Part, op: ast.cmpop, right: Part) -> Part:
        sign = _COMPARED.get(type(op), "")
        if not sign or not (left.kind == right.kind or {left.kind, right.kind} <= _NUMBERS):
            raise BadFormula(why=_("it compares what cannot be compared"))
        return Part(f"({left.sql} {sign} {right.sql})", "boolean")

    def called(self, name: str, given: list[ast.expr]) -> Part:
        if name not in FUNCTIONS:
            raise BadFormula(why=_("there is no function %(name)s") % {"name": name[:40]})
        least, most, make = FUNCTIONS[name]
        if not least <= len(given) <= most:
            raise BadFormula(why=_("%(name)s takes another number of values") % {"name": name})
        return make([self.part(one) for one in given])


_COMPARED = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "=", ast.NotEq: "<>"}


def _bounded(number: float) -> str:
    if abs(number) > 10**15 or number != number:
        raise BadFormula(why=_("a number in it is too large"))
    return f"{Decimal(str(number)):f}"


def _quoted(words: str) -> str:
    if len(words) > 300 or not words.isprintable() or any(sign in words for sign in "{}%\\"):
        raise BadFormula(why=_("a text in it has signs that cannot stand there"))
    return "'" + words.replace("'", "''") + "'::text"


def _alike(parts: list[Part]) -> str:
    kinds = {one.kind for one in parts}
    if kinds <= _NUMBERS:
        return "money" if "money" in kinds else "number"
    if len(kinds) > 1:
        raise BadFormula(why=_("it mixes kinds that do not go together"))
    return kinds.pop()


def _if(parts: list[Part]) -> Part:
    if parts[0].kind != "boolean":
        raise BadFormula(why=_("if needs a condition first"))
    other = parts[2].sql if len(parts) > 2 else "NULL"
    return Part(f"(CASE WHEN {parts[0].sql} THEN {parts[1].sql} ELSE {other} END)", _alike(parts[1:]))


def _of(kind: str, sql: str, gives: str = "") -> Callable[[list[Part]], Part]:
    """A function of one value of a kind."""

    def make(parts: list[Part]) -> Part:
        if parts[0].kind != kind and not (kind == "number" and parts[0].kind == "money"):
            raise BadFormula(why=_("it mixes kinds that do not go together"))
        return Part(sql.format(parts[0].sql), gives or parts[0].kind)

    return make


def _several(sql: str) -> Callable[[list[Part]], Part]:
    return lambda parts: Part(f"{sql}({', '.join(one.sql for one in parts)})", _alike(parts))


def _round(parts: list[Part]) -> Part:
    if not {one.kind for one in parts} <= _NUMBERS:
        raise BadFormula(why=_("it mixes kinds that do not go together"))
    places = f"least(greatest({parts[1].sql}, 0), 6)::int" if len(parts) > 1 else "0"
    return Part(f"round({parts[0].sql}, {places})", parts[0].kind)


def _contains(parts: list[Part]) -> Part:
    if {one.kind for one in parts} != {"text"}:
        raise BadFormula(why=_("it mixes kinds that do not go together"))
    return Part(f"(strpos(akrab_normal({parts[0].sql}), akrab_normal({parts[1].sql})) > 0)", "boolean")


FUNCTIONS: Mapping[str, tuple[int, int, Callable[[list[Part]], Part]]] = {
    "if": (2, 3, _if),
    "coalesce": (2, 10, _several("coalesce")),
    "least": (2, 10, _several("least")),
    "greatest": (2, 10, _several("greatest")),
    "min": (2, 10, _several("least")),
    "max": (2, 10, _several("greatest")),
    "round": (1, 2, _round),
    "abs": (1, 1, _of("number", "abs({})")),
    "floor": (1, 1, _of("number", "floor({})")),
    "ceil": (1, 1, _of("number", "ceil({})")),
    "year": (1, 1, _of("date", "extract(year FROM {})::numeric", "number")),
    "month": (1, 1, _of("date", "extract(month FROM {})::numeric", "number")),
    "day": (1, 1, _of("date", "extract(day FROM {})::numeric", "number")),
    "years_since": (1, 1, _of("date", f"extract(year FROM age((now() AT TIME ZONE '{_ZONE}')::date, {{}}))::numeric", "number")),
    "today": (0, 0, lambda parts: Part(f"(now() AT TIME ZONE '{_ZONE}')::date", "date")),
    "upper": (1, 1, _of("text", "upper({})")),
    "lower": (1, 1, _of("text", "lower({})")),
    "length": (1, 1, _of("text", "length({})::numeric", "number")),
    "contains": (2, 2, _contains),
    "missing": (1, 1, lambda parts: Part(f"({parts[0].sql} IS NULL)", "boolean")),
}


def in_order(formulas: Mapping[str, Custom]) -> list[Custom]:
    """Formulas after those that they use."""
    return sorted(formulas.values(), key=lambda one: (len(one.options.get("uses", ())), one.key))


def names_of_inputs(what: Customizable, fields: Mapping[str, Custom]) -> list[tuple[str, str]]:
    """What formulas of an object may name, with its title."""
    added = [(one.key, one.title) for one in fields.values() if one.kind not in {"choices", "person", "link"}]
    return [*((name, str(known.title)) for name, known in what.columns.items()), *added]
