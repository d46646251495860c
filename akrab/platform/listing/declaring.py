"""The lists that can be saved as views: each room declares its own in `queries/lists.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import parse_qsl, urlencode

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from akrab.platform.refusal import Refusal

Words = str | Promise
LONGEST = 4000
SAFE = ":;,()|'-~"


class UnknownList(Refusal):
    code = "unknown_list"
    status = 422
    message = _("There is no list %(name)s. Use one of: %(names)s.")


class TooMuchToSave(Refusal):
    code = "view_too_long"
    status = 422
    message = _("These filters are too long to be saved. Take some away.")


@dataclass(frozen=True, slots=True)
class ListKind:
    """A list: its page (URL name), the verb to see it, and the parameters of its address that make up a view."""

    name: str
    title: Words
    url: str
    verb: str
    parameters: tuple[str, ...]

    def canonical(self, query: str) -> str:
        """The parameters that a view keeps, in their fixed order, without empty ones: two equal views read the same."""
        given: dict[str, list[str]] = {}
        for name, value in parse_qsl(query.removeprefix("?"), max_num_fields=200):
            if name in self.parameters and value.strip():
                given.setdefault(name, []).append(value.strip())
        kept = [(name, value) for name in self.parameters for value in dict.fromkeys(given.get(name, ()))]
        text = urlencode(kept, safe=SAFE)
        if len(text) > LONGEST:
            raise TooMuchToSave
        return text


_LISTS: dict[str, ListKind] = {}


def list_kind(declared: ListKind) -> ListKind:
    """Declare a list; a room does so in `queries/lists.py`, which is found by itself."""
    _LISTS[declared.name] = declared
    return declared


def list_named(name: str) -> ListKind:
    kinds = list_kinds()
    if name not in kinds:
        raise UnknownList(name=name, names=", ".join(sorted(kinds)))
    return kinds[name]


@cache
def list_kinds() -> Mapping[str, ListKind]:
    """The lists of every installed room, by name."""
    for app in apps.get_app_configs():
        module = f"{app.name}.queries.lists"
        if app.name.startswith("akrab.") and find_spec(f"{app.name}.queries") and find_spec(module):
            import_module(module)
    return _LISTS
