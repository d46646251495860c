"""Keyset paging: a page starts after a row, not after a number of rows, so page 1,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from akrab.platform.bulk import fetch
from akrab.platform.refusal import Refusal

SIZE = 50
LARGEST = 200
CAP = 10_000

M = TypeVar("M", bound=Model)


class StalePage(Refusal):
    code = "cursor_invalid"
    status = 422
    message = _("This page address is not valid any more. Go back to the first page.")


@dataclass(frozen=True, slots=True)
class Key:
    """One column of the order, by its attribute; `null` is the value that stands in for nothing."""

    name: str
    null: Any = None

    def expression(self) -> Any:
        return F(self.name) if self.null is None else Coalesce(F(self.name), Value(self.null))

    def of(self, row: Any) -> Any:
        value = getattr(row, self.name)
        return self.null if value is None else value


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: these columns and then the primary key, all in one direction."""

    keys: tuple[Key, ...]
    descending: bool = False

    def place(self, row: Any) -> list[Any]:
        return [*(key.of(row) for key in self.keys), row.pk]


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """A page of rows with the cursors of its neighbors (empty when there is none) and the number of its first row."""

    items: list[M]
    next: str
    previous: str
    first: int

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1

    @property
    def is_whole(self) -> bool:
        """Whether these rows are all there are."""
        return not self.next and not self.previous


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows, counted up to a cap."""

    number: int
    is_capped: bool = False


class _Row(Func):
    function = ""
    template = "(%(expressions)s)"


class _Compare(Func):
    """A row comparison, which one index range answers: (name, id) > (x, y)."""

    function = ""
    output_field: ClassVar[BooleanField[bool, bool]] = BooleanField()

    def __init__(self, left: _Row, operator: str, right: _Row) -> None:
        super().__init__(left, right, arg_joiner=f" {operator} ", template="%(expressions)s")


def paginate(rows: QuerySet[M, M], *, order: Order, cursor: str = "", size: int = SIZE) -> Page[M]:
    """The page of `rows` that a cursor names; without one, the first."""
    size = max(1, min(size, LARGEST))
    back, first, place = _read(cursor) if cursor else (False, 1, None)
    if place is not None:
        rows = rows.filter(_beyond(rows.model, order, place, back=back))
    found = list(_arranged(rows, order, back=back)[: size + 1])
    more = len(found) > size
    found = found[:size]
    if back:
        found.reverse()
        first = max(1, first - len(found)) if more else 1
    has_next, has_previous = (bool(place), more) if back else (more, bool(place))
    return Page(
        found,
        write_cursor(order.place(found[-1]), first=first + len(found)) if found and has_next else "",
        write_cursor(order.place(found[0]), first=first, back=True) if found and has_previous else "",
        first,
    )


def write_cursor(place: Sequence[Any], *, first: int = 1, back: bool = False) -> str:
    """An opaque, signed address of the rows after (or before) a place in the order."""
    return write_place([back, first, *place])


def write_place(values: Sequence[Any]) -> str:
    """Plain values as one opaque, signed word that fits into an address."""
    body = json.dumps(list(values), default=_plain, separators=(",", ":")).encode()
    return _signer().sign(base64.urlsafe_b64encode(body).decode().rstrip("="))


def read_place(word: str, *, types: Sequence[type[Any]]) -> list[Any]:
    """The values behind such a word: strings, numbers, or moments, days and ids where `types` says so."""
    values = _unpack(word)
    if len(values) != len(types):
        raise StalePage
    return [_READERS.get(kind, lambda same: same)(value) for kind, value in zip(types, values, strict=True)]


def capped_count(rows: QuerySet[M, M], *, cap: int | None = CAP) -> Count:
    """How many rows there are; counting stops at the cap (None counts all)."""
    if cap is None:
        return Count(rows.count())
    number = rows.order_by()[: cap + 1].count()
    return Count(min(number, cap), number > cap)


def estimated_rows(table: str) -> int:
    """What the database last thought of a table's size; free of cost at any size."""
    return max(0, int(fetch("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(%s)", [table])[0][0]))


def _arranged(rows: QuerySet[M, M], order: Order, *, back: bool) -> QuerySet[M, M]:
    descending = order.descending != back
    columns = [key.expression() for key in order.keys] + [F("pk")]
    return rows.order_by(*(column.desc() if descending else column.asc() for column in columns))


def _beyond(model: type[M], order: Order, place: Sequence[Any], *, back: bool) -> _Compare:
    if len(place) != len(order.keys) + 1:
        raise StalePage
    values = [_value(model, name, value) for name, value in zip([*(key.name for key in order.keys), "pk"], place, strict=True)]
    columns = [key.expression() for key in order.keys] + [F("pk")]
    return _Compare(_Row(*columns), "<" if order.descending != back else ">", _Row(*values))


def _value(model: type[Model], name: str, stored: Any) -> Value:
    """A value of a cursor as the column's own type; annotated columns are plain numbers and words."""
    field: Any = model._meta.pk if name == "pk" else next((one for one in model._meta.fields if one.name == name), None)
    if field is None:
        return Value(stored)
    return Value(field.to_python(stored), output_field=getattr(field, "output_field", field))


def _read(cursor: str) -> tuple[bool, int, list[Any]]:
    back, first, *place = _unpack(cursor)
    return bool(back), int(first), place


def _unpack(word: str) -> list[Any]:
    try:
        packed = _signer().unsign(word)
        return list(json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))))
    except (signing.BadSignature, binascii.Error, ValueError, TypeError) as problem:
        raise StalePage from problem


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt="platform.paging")


_READERS: dict[type[Any], Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    UUID: UUID,
}


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
