"""The SQL of a custom field's values, written once: lists, filters, sums, exports, the API and indexes all use it.

A template names the columns of the object's row in braces, as in `({custom}->>'size')::numeric`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, DecimalField, F, Field, Func, JSONField, TextField

from akrab.platform.customizing.fields import Custom

COLUMN = re.compile(r"\{(\w+)\}")
CASTS = {"number": "numeric", "money": "numeric", "boolean": "boolean"}
MISSING = {"number": "'-Infinity'::numeric", "money": "'-Infinity'::numeric", "boolean": "false"}
_OUTPUTS: dict[str, Field[Any, Any]] = {
    "number": DecimalField(max_digits=40, decimal_places=10),
    "money": DecimalField(max_digits=40, decimal_places=10),
    "boolean": BooleanField(),
    "choices": JSONField(),
}


def value_sql(custom: Custom) -> str:
    """The value of a field, NULL where there is none: text, numeric (money in minor units), boolean, or a JSON array."""
    if custom.type == "formula":
        return str(custom.options["sql"])
    place = f"{{{'computed' if custom.type == 'rollup' else 'custom'}}}"
    if custom.kind == "choices":
        return f"({place}->'{custom.key}')"
    plain = f"({place}->>'{custom.key}')"
    return f"({plain}::{CASTS[custom.kind]})" if custom.kind in CASTS else plain


def order_sql(custom: Custom) -> str:
    """The value to compare and sort by: never NULL, what is missing comes before everything."""
    value = value_sql(custom)
    if custom.kind in MISSING:
        return f"coalesce({value}, {MISSING[custom.kind]})"
    if custom.kind in {"text", "long", "url"}:
        return f"coalesce(akrab_normal({value}), '') COLLATE \"C\""
    return f"coalesce({value}, '') COLLATE \"C\""


def on(template: str, alias: str) -> str:
    """A template over the alias of a table in SQL text."""
    return COLUMN.sub(lambda found: f"{alias}.{found[1]}" if alias else found[1], template)


class Over(Func):
    """A template over the row of a query, with values for its `%s`."""

    def __init__(self, template: str, values: Sequence[Any] = (), output_field: Field[Any, Any] | None = None) -> None:
        self.names = list(dict.fromkeys(COLUMN.findall(template)))
        self.text, self.values = template, list(values)
        super().__init__(*(F(name) for name in self.names), output_field=output_field or TextField())

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        columns = [compiler.compile(one)[0] for one in self.source_expressions]
        places = dict(zip(self.names, columns, strict=True))
        return COLUMN.sub(lambda found: places[found[1]], self.text), list(self.values)


def value_of(custom: Custom) -> Over:
    """The value as an annotation."""
    return Over(value_sql(custom), output_field=_OUTPUTS.get(custom.kind))


def sorted_by(custom: Custom) -> Over:
    """What a list is sorted by."""
    return Over(order_sql(custom), output_field=_OUTPUTS.get(custom.kind) if custom.kind in MISSING else None)


def holds(template: str, *values: Any) -> Over:
    """A condition."""
    return Over(template, values, BooleanField())
