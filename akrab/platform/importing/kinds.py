"""The kinds of files that rooms take: their fields, settings, presets, and who takes the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.exporting import Export
from akrab.platform.refusal import Refusal
from akrab.platform.tabular.matching import Field

if TYPE_CHECKING:
    from akrab.platform.importing.session import Session

Columns = Mapping[str, str | Sequence[str]]
Offer = tuple[str, str | Promise]
"""A value and what people call it."""


@dataclass(frozen=True, slots=True)
class OfferGroup:
    """Some of many values under a heading."""

    label: str | Promise
    offers: Sequence[Offer]


class UnknownKind(Refusal):
    code = "unknown_kind"
    status = 422
    message = _("There is no import of %(kind)s. Use one of: %(kinds)s.")


class UnknownPreset(Refusal):
    code = "unknown_preset"
    status = 422
    message = _("There is no preset %(preset)s for %(kind)s. Use one of: %(presets)s.")


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting of a whole import, such as its currency: what it is called, and its values when they are few.

    `needed` is the question to ask when neither the setting nor a column of its name says it. `offers` lists values for a
    page, whereas `values` are all that there are; `usual` is what holds when nothing is chosen. With `new`, the name of
    the field for it, a value that is not offered may be typed; `beside` puts a setting next to that field. Settings that
    are rarely touched are `rare`. `on_page` is what a page begins with, where people are asked what a program is not.
    """

    name: str
    label: str | Promise
    default: str = ""
    values: tuple[Offer, ...] = ()
    needed: str | Promise = ""
    offers: Callable[[Actor], Sequence[OfferGroup]] | None = None
    usual: Callable[[], str] = str
    new: str | Promise = ""
    beside: str = ""
    rare: bool = False
    on_page: str = ""

    def codes(self) -> list[str]:
        return [code for code, _words in self.values]

    def takes(self, value: str) -> bool:
        """Whether a value is possible, as far as this can be known here."""
        return not self.values or value in self.codes()


@dataclass(frozen=True, slots=True)
class Preset:
    """A known file layout: columns to fields, settings, how the file is written, and how to make it one table."""

    name: str
    label: str | Promise
    columns: Columns
    settings: Mapping[str, Any] = field(default_factory=dict)
    reading: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Path, Path], Path] | None = None
    narrow: Callable[[Path], Preset | None] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of import. `take` reads the rows of a session and hands them to an operation of its room."""

    name: str
    label: str | Promise
    may: str
    fields: tuple[Field, ...]
    take: Callable[[Session], None]
    settings: tuple[Choice, ...] = ()
    presets: tuple[Preset, ...] = ()
    export: Export | None = None
    needs: Callable[[frozenset[str]], str | Promise] = lambda fields: ""
    more: Callable[[], Sequence[Field]] = tuple

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """Its fields, and those that the company added."""
        return (*self.fields, *self.more())

    def preset(self, name: str) -> Preset:
        for one in self.presets:
            if one.name == name:
                return one
        raise UnknownPreset(preset=name, kind=self.name, presets=", ".join(one.name for one in self.presets) or "-")

    def on_page(self) -> dict[str, str]:
        """The settings that a page begins with."""
        return {one.name: one.on_page for one in self.settings if one.on_page}

    def field_names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.all_fields)


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Called by the modules of a room's `intake` package."""
    _KINDS[kind.name] = kind
    return kind


@cache
def load_kinds() -> dict[str, Kind]:
    """Every kind that the installed rooms take, by name."""
    for app in apps.get_app_configs():
        package = f"{app.name}.intake"
        if app.name.startswith("akrab.") and (spec := find_spec(package)) is not None:
            for module in iter_modules(spec.submodule_search_locations):
                import_module(f"{package}.{module.name}")
    return dict(sorted(_KINDS.items()))


def kind_named(name: str) -> Kind:
    kinds = load_kinds()
    if name not in kinds:
        raise UnknownKind(kind=name, kinds=", ".join(kinds))
    return kinds[name]


def exported_kind(name: str) -> Export:
    """What a kind writes to a file."""
    export = kind_named(name).export
    if export is None:
        raise UnknownKind(kind=name, kinds=", ".join(kind.name for kind in load_kinds().values() if kind.export))
    return export
