"""What an actor may do with each field of an object: hidden, masked, read or edit; the rule that names them most closely wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from akrab.platform.actor import Actor
from akrab.platform.refusal import Refusal
from akrab.platform.rights.registry import derived_access, protected
from akrab.platform.rights.standing import FieldAccess, Standing, standing_of

STRICTEST_FIRST = ("hidden", "masked", "read", "edit")
DOTS = "••••"
NOTHING_HIDDEN: frozenset[str] = frozenset()


class FieldNotReadable(Refusal):
    """A field that the actor cannot read is neither filtered, sorted, grouped, added up nor exported."""

    code = "field_not_readable"
    status = 403
    message = _("You cannot read %(fields)s here, so it cannot be used to filter, sort or count either.")


class FieldNotEditable(Refusal):
    code = "field_not_editable"
    status = 403
    message = _("You cannot change %(fields)s here.")


def field_access(by: Actor, name: str) -> Mapping[str, str]:
    """The access to each field of an object that is less than reading and editing."""
    standing = standing_of(by)
    if not standing.is_bound or not standing.fields:
        return {}
    key = f"fields {name}"
    if key not in by.known:
        by.known[key] = derived_access(name, _settled(standing, name))
    found: Mapping[str, str] = by.known[key]
    return found


def deciding(standing: Standing, name: str, field: str) -> FieldAccess | None:
    """The rule that decides about a field: the closest to the person, and of equally close ones the strictest."""
    speaking = [one for one in standing.fields if one.object == name and one.field == field]
    return min(speaking, key=lambda one: (-one.rank, STRICTEST_FIRST.index(one.access)), default=None)


def _settled(standing: Standing, name: str) -> dict[str, str]:
    named = {one.field for one in standing.fields if one.object == name}
    found = {field: rule.access for field in named if (rule := deciding(standing, name, field))}
    return {field: access for field, access in found.items() if access != "edit"}


def unreadable(by: Actor, name: str) -> frozenset[str]:
    """The fields that are hidden or masked."""
    access = field_access(by, name)
    return frozenset(field for field, given in access.items() if given in {"hidden", "masked"}) if access else NOTHING_HIDDEN


def uneditable(by: Actor, name: str) -> frozenset[str]:
    """The fields that the actor may not change."""
    return frozenset(field_access(by, name))


def demand_readable(by: Actor, name: str, used: Iterable[str]) -> None:
    """Refuse when a filter, sort or sum uses a field, by any of its names, that the actor cannot read."""
    closed = unreadable(by, name)
    if closed:
        _refuse(FieldNotReadable, name, used, closed)


def demand_editable(by: Actor, name: str, used: Iterable[str]) -> None:
    """Refuse when a change touches a field that the actor may not change."""
    closed = uneditable(by, name)
    if closed:
        _refuse(FieldNotEditable, name, used, closed)


def _refuse(refusal: type[Refusal], name: str, used: Iterable[str], closed: frozenset[str]) -> None:
    what = protected(name)
    touched = {one.name: str(one.title) for word in used if (one := what.field(word.removeprefix("-"))) and one.name in closed}
    if touched:
        raise refusal(fields=", ".join(touched[field] for field in sorted(touched)))


def masked(value: Any, kind: str = "text") -> Any:
    """What may be seen of a masked value: the end of a number, the host of an address, of everything else that it is there."""
    if value in (None, ""):
        return value
    if isinstance(value, date | int | float) or kind in {"date", "number"}:
        return None
    text = str(value)
    if kind == "email" and "@" in text:
        return f"{text[0]}{DOTS}@{text.rpartition('@')[2]}"
    return f"{DOTS} {text[-4:]}" if kind in {"phone", "code"} and len(text) > 6 else DOTS


def shown(by: Actor, name: str, values: Mapping[str, Any], *, leave_out: bool = True) -> dict[str, Any]:
    """A record by name of field or column as the actor may see it; hidden ones are left out, or emptied."""
    access = field_access(by, name)
    if not access:
        return dict(values)
    what = protected(name)
    seen: dict[str, Any] = {}
    for word, value in values.items():
        field = what.field(word)
        given = access.get(field.name, "edit") if field else "edit"
        if given == "hidden":
            if not leave_out:
                seen[word] = "" if isinstance(value, str) else None
        else:
            seen[word] = masked(value, field.type) if field and given == "masked" else value
    return seen
