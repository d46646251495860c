"""Which tables the journal follows, one declaration per model; a room puts it beside the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Field, ForeignKey, Model
from django.utils.functional import Promise

BOOKKEEPING = ("version", "changed_at", "changed_xid")


@dataclass(frozen=True, slots=True)
class Journalled:
    """How one table is followed.

    `fields_named` says what people call the columns, `money` which hold minor units of the reporting currency.
    `owner` is the column with the key of the thing that people know the row by (its own key, or its customer); `derived`
    columns are computed by listeners and never restored; rows of the tables in `goes_with` are computed too and leave
    with the row that they describe.
    """

    model: type[Model]
    subject: str
    owner: str
    title: str | Promise
    label: str = ""
    fields_named: Mapping[str, str | Promise] = field(default_factory=dict)
    money: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    goes_with: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def fields(self) -> list[Field[Any, Any]]:
        """The stored columns, generated ones left out."""
        return [one for one in self.model._meta.local_concrete_fields if not getattr(one, "generated", False)]

    @property
    def columns(self) -> list[str]:
        return [str(one.column) for one in self.fields]

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Column and database type of the parts of the primary key."""
        pk: Any = self.model._meta.pk
        parts = getattr(pk, "fields", None) or [pk]
        return [(one.column, _type(one)) for one in parts]

    @property
    def ignored(self) -> tuple[str, ...]:
        """Columns whose change alone is not news."""
        generated = [str(one.column) for one in self.model._meta.local_concrete_fields if getattr(one, "generated", False)]
        return (*(name for name in BOOKKEEPING if name in self.columns), *self.derived, *generated)

    @property
    def parents(self) -> list[tuple[str, str, str]]:
        """(column, table it points to, column there) of the foreign keys."""
        return [_reference(one) for one in self.fields if isinstance(one, ForeignKey)]

    def matches(self, row: str, key: str) -> str:
        """SQL: a row of the table has the key of a journal row."""
        return " AND ".join(f"{row}.{quoted(name)} = {key}[{n}]::{kind}" for n, (name, kind) in enumerate(self.keys, start=1))


_JOURNALLED: dict[str, Journalled] = {}
_TITLES: dict[str, str | Promise] = {}
Left = tuple[list[str], str, str]
TakeBack = Callable[..., Sequence[Left]]
_TAKING_BACK: dict[str, TakeBack] = {}


def journalled(
    model: type[Model],
    *,
    subject: str,
    title: str | Promise,
    owner: str = "id",
    label: str = "",
    fields: Mapping[str, str | Promise] | None = None,
    money: Sequence[str] = (),
    derived: Sequence[str] = (),
    goes_with: Sequence[str] = (),
) -> None:
    """Declare that changes of a model's rows are journalled; its migration installs `journal_triggers`."""
    declared = Journalled(model, subject, owner, title, label, fields or {}, tuple(money), tuple(derived), tuple(goes_with))
    _JOURNALLED[declared.table] = declared


def takes_back(table: str) -> Callable[[TakeBack], TakeBack]:
    """Register how a room takes back rows that it notes itself; it gets `by`, `at`, `created` keys and `changed` images.

    It returns what it had to leave: (key, reason code, detail).
    """

    def register(function: TakeBack) -> TakeBack:
        _TAKING_BACK[table] = function
        return function

    return register


def names_rows(table: str, title: str | Promise) -> None:
    """Say what people call a row of a table that its room notes itself."""
    _TITLES[table] = title


def title_of_table(table: str) -> str | Promise:
    """What people call a row of a table."""
    one = _JOURNALLED.get(table)
    return one.title if one else _TITLES.get(table, table)


def declared() -> dict[str, Journalled]:
    """Every declaration by table."""
    return _JOURNALLED


def taking_back() -> dict[str, TakeBack]:
    return _TAKING_BACK


def thing(subject: str) -> Journalled | None:
    """The declaration of the table whose rows are the subject itself."""
    return next((one for one in _JOURNALLED.values() if one.subject == subject and one.owner == one.keys[0][0]), None)


def children_first() -> list[Journalled]:
    """The declared tables so that a table comes before those that it points to."""
    placed: list[Journalled] = []
    waiting = sorted(_JOURNALLED.values(), key=lambda one: one.table)
    while waiting:
        pointed = {parent for one in waiting for _column, parent, _there in one.parents if parent != one.table}
        free = [one for one in waiting if one.table not in pointed] or waiting[:1]
        placed += free
        waiting = [one for one in waiting if one not in free]
    return placed


def references_to(table: str) -> list[tuple[str, str]]:
    """(table, column) of every foreign key of the installation that points to a table."""
    return sorted(
        (model._meta.db_table, one.column)
        for model in apps.get_models()
        if model._meta.managed
        for one in model._meta.local_concrete_fields
        if isinstance(one, ForeignKey) and _reference(one)[1] == table
    )


def quoted(name: str) -> str:
    return f'"{name}"'


def _reference(field: ForeignKey[Any, Any]) -> tuple[str, str, str]:
    target = field.target_field
    return field.column, target.model._meta.db_table, str(target.column)


def _type(field: Any) -> str:
    pointed = field.target_field if isinstance(field, ForeignKey) else field
    kind = str(pointed.rel_db_type(connection) or "text")
    return "text" if kind.startswith("varchar") else kind
