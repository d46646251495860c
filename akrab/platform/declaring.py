"""Declaring facts: what can have happened, and how a stored payload becomes a fact again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar, dataclass_transform
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the catalog says of a kind of fact."""

    kind: str
    subject: str
    at: str
    schema: int
    cls: type[Any]
    fields: tuple[str, ...] = field(default=())
    audited: bool = False
    observed: bool = False


DECLARED: dict[str, Declaration] = {}
C = TypeVar("C")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def fact(
    kind: str, *, subject: str, at: str = "at", schema: int = 1, audited: bool | None = None, observed: bool = False
) -> Callable[[type[C]], type[C]]:
    """Declare a kind of fact: a frozen record with a `<subject>_id`, a moment `at` and, mostly, a `customer_id`.

    Audited facts are chained into the audit; those of the platform are, unless they say otherwise. Observed facts tell
    how a conclusion changed from one look to the next: how many there are depends on when a job looked.
    """
    chained = kind.startswith("platform.") if audited is None else audited

    def declare(cls: type[C]) -> type[C]:
        made = dataclass(frozen=True, kw_only=True)(cls)
        names = tuple(f.name for f in dataclasses.fields(made))  # type: ignore[arg-type]
        DECLARED[kind] = Declaration(kind, subject, at, schema, made, names, chained, observed)
        made.fact_kind = kind  # type: ignore[attr-defined]
        return made

    return declare


class FactRecord:
    """What every declared fact class carries; for annotations."""

    fact_kind: ClassVar[str]


def load(kind: str, payload: dict[str, Any]) -> Any:
    """The declared fact of a stored payload; fields that came later take their defaults."""
    what = DECLARED[kind]
    known = {name: payload[name] for name in what.fields if name in payload}
    return what.cls(**{name: _revive(what.cls, name, value) for name, value in known.items()})


_READERS: dict[str, Callable[[Any], Any]] = {
    "UUID": UUID,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
}


def _revive(cls: type[Any], name: str, value: Any) -> Any:
    if value is None:
        return None
    annotation = str(cls.__annotations__[name]).removesuffix(" | None")
    return _READERS.get(annotation, lambda same: same)(value)
