"""Which objects take custom fields: a room declares each of its own once, beside the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from uuid import UUID

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.refusal import Refusal

Words = str | Promise


class NotCustomizable(Refusal):
    code = "not_customizable"
    status = 422
    message = _("%(name)s takes no custom fields. Use: %(names)s.")


@dataclass(frozen=True, slots=True)
class Known:
    """A column of the object that a formula may use: its SQL over `{column}`, the type of its values, and its field in the
    policy."""

    sql: str
    kind: str
    title: Words
    protects: str = ""


@dataclass(frozen=True, slots=True)
class Customizable:
    """An object whose table has the columns `custom` and `computed`.

    For fields that link here, `find` turns what a file says (an id, a code) into ids of records within reach, `names` gives
    the names of ids within reach, and `page` is the address name of a record. `alive` is SQL: a row is not in the trash.
    `hint` says how to name a record.
    """

    name: str
    title: Words
    table: str
    view: str
    edit: str
    page: str
    find: Callable[[Actor, Sequence[str]], Mapping[str, UUID]]
    names: Callable[[Actor, Sequence[str]], Mapping[str, str]]
    columns: Mapping[str, Known] = field(default_factory=dict)
    alive: str = "true"
    hint: Words = ""
    order: int = 50


_OBJECTS: dict[str, Customizable] = {}


def customizable(declared: Customizable) -> Customizable:
    """Declare an object; its model gets `custom` and `computed` by `values_column()`."""
    _OBJECTS[declared.name] = declared
    return declared


@cache
def find_declarations() -> None:
    """Load the declarations of every room, which stand in its `queries/customizing.py`."""
    for app in apps.get_app_configs():
        module = f"{app.name}.queries.customizing"
        if app.name.startswith("akrab.") and find_spec(f"{app.name}.queries") and find_spec(module):
            import_module(module)


def customizable_named(name: str) -> Customizable:
    find_declarations()
    if name not in _OBJECTS:
        raise NotCustomizable(name=name, names=", ".join(sorted(_OBJECTS)))
    return _OBJECTS[name]


def all_customizable() -> list[Customizable]:
    find_declarations()
    return sorted(_OBJECTS.values(), key=lambda one: (one.order, one.name))
