"""The custom fields of an object as the rest of the program meets them; read once in each request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language

from akrab.platform.bulk import fetch
from akrab.platform.rights.registry import ProtectedField, adds_fields, derives_access

PREFIX = "custom."
"""Before the key: the name of a custom field in addresses, files, rules, facts and the journal."""
STORED = frozenset({"text", "long", "number", "money", "date", "moment", "choice", "choices", "person", "link", "boolean", "url"})
STAMP = "(SELECT coalesce(md5(string_agg(f::text, '' ORDER BY f.id)), '') FROM platform_customfield f)"
"""SQL: the same while no definition changes; asked together with who somebody is."""
_STAMPS_KEPT = 4


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice; a retired one stays where it is and is offered no more."""

    code: str
    title_en: str
    title_id: str = ""
    is_retired: bool = False

    @property
    def title(self) -> str:
        return in_language(self.title_en, self.title_id)


@dataclass(frozen=True, slots=True)
class Custom:
    """One custom field of an object. `kind` is how its values behave: its type, or the type of what is worked out."""

    id: UUID
    object: str
    key: str
    type: str
    title_en: str
    title_id: str = ""
    help_text: str = ""
    group: str = ""
    is_required: bool = False
    is_unique: bool = False
    is_searchable: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return PREFIX + self.key

    @property
    def title(self) -> str:
        return in_language(self.title_en, self.title_id)

    @property
    def is_stored(self) -> bool:
        """Whether people say the values; what is worked out is read only."""
        return self.type in STORED

    @property
    def kind(self) -> str:
        return self.type if self.is_stored else str(self.options.get("kind", "number"))

    @property
    def currency(self) -> str:
        return str(self.options.get("currency") or settings.CURRENCY)

    @property
    def choices(self) -> list[Option]:
        return [Option(**one) for one in self.options.get("choices", ())]

    @property
    def target(self) -> str:
        """The object that a link points to."""
        return str(self.options.get("target", ""))

    @property
    def default(self) -> Any:
        return self.options.get("default")

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


@dataclass(slots=True)
class _Memory:
    """What one request knows; `stamp` says which definitions hold, None when that must be asked."""

    stamp: str | None
    fields: dict[str, tuple[Custom, ...]] = field(default_factory=dict)


_memory: ContextVar[_Memory | None] = ContextVar("custom_fields", default=None)
_by_stamp: dict[str, dict[str, tuple[Custom, ...]]] = {}


def in_language(english: str, indonesian: str) -> str:
    return indonesian if indonesian and (get_language() or "").startswith("id") else english


def custom_fields(object: str) -> tuple[Custom, ...]:
    """The fields of an object that are in use, in their order."""
    memory = _memory.get()
    if memory is None:
        return _read(object)
    known = memory.fields if memory.stamp is None else _of_stamp(memory.stamp)
    if object not in known:
        known[object] = _read(object)
    return known[object]


def _of_stamp(stamp: str) -> dict[str, tuple[Custom, ...]]:
    """What this process read under a stamp; later requests with the same stamp read nothing."""
    if stamp not in _by_stamp:
        while len(_by_stamp) >= _STAMPS_KEPT:
            _by_stamp.pop(next(iter(_by_stamp)), None)
        _by_stamp[stamp] = {}
    return _by_stamp[stamp]


def stored_fields(object: str) -> list[Custom]:
    """Those that people fill in."""
    return [one for one in custom_fields(object) if one.is_stored]


def custom_field(object: str, name: str) -> Custom | None:
    """The field of a name such as `custom.shoe_size`."""
    if not name.startswith(PREFIX):
        return None
    return next((one for one in custom_fields(object) if one.name == name), None)


def is_custom(name: str) -> bool:
    return name.startswith(PREFIX)


@contextmanager
def remembering(stamp: str | None = None) -> Iterator[None]:
    """Read the fields of each object once inside, for a request or a file; with a stamp once in the life of the process.

    Inside another one it is the same.
    """
    if stamp is None and _memory.get() is not None:
        yield
        return
    token = _memory.set(_Memory(stamp))
    try:
        yield
    finally:
        _memory.reset(token)


def stamped(stamp: str) -> None:
    """The stamp of a request that learns only inside who asks."""
    memory = _memory.get()
    if memory is not None and not memory.fields:
        memory.stamp = stamp


def forget() -> None:
    """The fields changed."""
    memory = _memory.get()
    if memory is not None:
        memory.stamp = None
        memory.fields.clear()


@adds_fields
def _protected(object: str) -> list[ProtectedField]:
    """Rules may hide, mask or freeze custom fields like built-in ones."""
    types = {"number": "number", "money": "number", "date": "date", "moment": "date"}
    return [ProtectedField(one.name, one.title, (), types.get(one.kind, "text")) for one in custom_fields(object)]


def _worked_out_of(object: str, access: Mapping[str, str]) -> dict[str, str]:
    """What is worked out of a field that somebody cannot read is hidden from them too."""
    closed = {name for name, given in access.items() if given in {"hidden", "masked"}}
    fields = [one for one in custom_fields(object) if not one.is_stored] if closed else []
    return {one.name: "hidden" for one in fields if closed & set(one.options.get("protects", ()))}


derives_access(_worked_out_of)


_COLUMNS = 'id, object, key, type, title_en, title_id, help_text, "group", is_required, is_unique, is_searchable, options::text'


def _read(object: str) -> tuple[Custom, ...]:
    rows = fetch(
        f"SELECT {_COLUMNS} FROM platform_customfield WHERE object = %s AND trashed_at IS NULL ORDER BY position, key", [object]
    )
    return tuple(Custom(*(*row[:-1], json.loads(row[-1]))) for row in rows)


def grouped(fields: Sequence[Custom]) -> list[tuple[str, list[Custom]]]:
    """The fields by the group that they are shown in; those without one first."""
    groups: dict[str, list[Custom]] = {"": []}
    for one in fields:
        groups.setdefault(one.group, []).append(one)
    return [(name, members) for name, members in groups.items() if members]
