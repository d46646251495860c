"""What the policy protects: each room declares its objects once, with their columns of ownership and their fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from akrab.platform.refusal import Refusal

Words = str | Promise


class UnknownObject(Refusal):
    code = "unknown_object"
    status = 422
    message = _("There is no protected object %(name)s. Use: %(names)s.")


@dataclass(frozen=True, slots=True)
class ProtectedField:
    """A field that rules may hide, mask or freeze; `names` are all names under which entrances know it."""

    name: str
    title: Words
    names: tuple[str, ...] = ()
    type: str = "text"
    required: bool = False

    @property
    def all_names(self) -> frozenset[str]:
        return frozenset((self.name, *self.names))


@dataclass(frozen=True, slots=True)
class Protected:
    """An object of a room: its table, who owns a row (columns), and what rules may filter by (field to column).

    A row whose `trash` column is set is out of everybody's reach until it is restored.

    `titles` name the filters that are no field. `parts` are tables whose rows belong to one of its rows, with the column that
    says which field such a row tells. `subject` is how facts name it; `history` takes closed fields out of the payload of a kind
    of fact; `named_in` says in which payloads a second one is named, first its id and then what else tells of it.
    """

    name: str
    title: Words
    table: str
    verb: str
    edit_verb: str = ""
    owner: str = ""
    people: str = ""
    team: str = ""
    unit: str = ""
    unit_kind: str = ""
    customer: str = ""
    trash: str = ""
    label: str = ""
    fields: tuple[ProtectedField, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, Words] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    history: Mapping[str, Callable[[Mapping[str, Any], Callable[[str], bool]], dict[str, Any]]] = field(default_factory=dict)
    named_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def scopes(self) -> list[str]:
        """The scopes that a rule about this object may have."""
        named = {
            "own": self.owner or self.people,
            "team": self.team or self.owner or self.people,
            "unit": self.unit,
            "customer": self.customer,
            "filter": self.filters,
        }
        return ["all", *(scope for scope, column in named.items() if column), "shared"]

    def field(self, name: str) -> ProtectedField | None:
        """The field that an entrance calls so."""
        return next((one for one in self.fields if name in one.all_names), None) or _added(self.name, name)

    @property
    def all_fields(self) -> list[ProtectedField]:
        """Its own fields, and those that the company added."""
        return [*self.fields, *(one for more in _ADDED for one in more(self.name))]


_OBJECTS: dict[str, Protected] = {}
_ADDED: list[Callable[[str], Sequence[ProtectedField]]] = []
ADDED = "custom."
"""How the names of fields begin that a company added."""


_DERIVED: list[Callable[[str, Mapping[str, str]], Mapping[str, str]]] = []


def derives_access(given: Callable[[str, Mapping[str, str]], Mapping[str, str]]) -> None:
    """Register what says which fields of an object are closed because others are."""
    _DERIVED.append(given)


def derived_access(object: str, access: Mapping[str, str]) -> dict[str, str]:
    """Access with that to fields that tell of closed ones."""
    found = dict(access)
    for one in _DERIVED:
        found |= one(object, access)
    return found


def adds_fields(given: Callable[[str], Sequence[ProtectedField]]) -> Callable[[str], Sequence[ProtectedField]]:
    """Register what knows the fields that a company added to an object."""
    _ADDED.append(given)
    return given


def _added(object: str, name: str) -> ProtectedField | None:
    if not name.startswith(ADDED):
        return None
    return next((one for more in _ADDED for one in more(object) if one.name == name), None)


def protect(declared: Protected) -> Protected:
    """Declare an object; rooms do so in `models.py`, so that every query knows it."""
    _OBJECTS[declared.name] = declared
    return declared


def protected(name: str) -> Protected:
    """The object of a name."""
    if name not in _OBJECTS:
        raise UnknownObject(name=name, names=", ".join(sorted(_OBJECTS)))
    return _OBJECTS[name]


def all_protected() -> list[Protected]:
    """Every declared object, by name."""
    return [_OBJECTS[name] for name in sorted(_OBJECTS)]


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A kind of unit that people belong to; `options` gives id and name of each."""

    name: str
    title: Words
    options: Callable[[], list[tuple[str, str]]]


_UNITS: dict[str, UnitKind] = {}


def unit_kind(name: str, *, title: Words, options: Callable[[], list[tuple[str, str]]]) -> None:
    """Declare a kind of unit, for example branches."""
    _UNITS[name] = UnitKind(name, title, options)


def unit_kinds() -> list[UnitKind]:
    return list(_UNITS.values())
