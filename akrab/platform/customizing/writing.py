"""What is written into custom fields, checked in sets: each value by its field, references and uniqueness by the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from akrab.platform.actor import Actor
from akrab.platform.bulk import fetch
from akrab.platform.customizing.declaring import all_customizable, customizable_named
from akrab.platform.customizing.expressions import on, order_sql, value_sql
from akrab.platform.customizing.fields import PREFIX, Custom, custom_field, custom_fields, stored_fields
from akrab.platform.customizing.values import KEEPING, BadValue, kept
from akrab.platform.refusal import Invalid
from akrab.platform.rights.fields import DOTS, demand_editable
from akrab.platform.tabular.sentences import Sentence, gettext_noop

Values = Mapping[str, Any]
NOT_THERE = gettext_noop("There is no custom field %(name)s.")
WORKED_OUT = gettext_noop("This is worked out and cannot be set.")
NEEDED = gettext_noop("This must be filled in.")
UNKNOWN = gettext_noop("“%(text)s” is not known, or not visible to you.")
NOT_USED = gettext_noop("“%(text)s” is not used any more.")
TAKEN = gettext_noop("Another record has “%(text)s” already.")


@dataclass(slots=True)
class Read:
    """The values of one record by name (None empties one), and what is wrong with which."""

    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Sentence] = field(default_factory=dict)


def read_values(object: str, given: Sequence[Values], *, by: Actor, was: Sequence[Values] | None = None) -> list[Read]:
    """The kept form of what was said of several records; `was` are the values that they have, by key.

    Without `was` retired choices are read too; `taken` tells those that their record does not have already.
    """
    known = {one.name: one for one in custom_fields(object)}
    unknown = dict.fromkeys((one.key for one in known.values()), KEEPING)
    read = [_read(known, one, by, unknown if was is None else was[place]) for place, one in enumerate(given)]
    for one in known.values():
        if one.type in {"person", "link"}:
            _refer(one, given, read, by)
    return read


def _read(known: Mapping[str, Custom], given: Values, by: Actor, was: Values) -> Read:
    read = Read()
    for name, value in given.items():
        custom = known.get(name)
        if custom is None:
            read.wrong[name] = Sentence(NOT_THERE, {"name": name.removeprefix(PREFIX)})
        elif not custom.is_stored:
            read.wrong[name] = Sentence(WORKED_OUT)
        elif custom.type in {"person", "link"}:
            read.values[name] = None
        else:
            try:
                read.values[name] = kept(custom, value, zone=by.tzinfo, was=was.get(custom.key))
            except BadValue as problem:
                read.wrong[name] = problem.sentence
    return read


def _refer(custom: Custom, given: Sequence[Values], read: Sequence[Read], by: Actor) -> None:
    """Ids, or the words by which people and records are known, become ids of what is there."""
    words = {str(one[custom.name]).strip() for one in given if one.get(custom.name)}
    found = finder(custom, by, sorted(words)) if words else {}
    for one, result in zip(given, read, strict=True):
        word = str(one.get(custom.name) or "").strip()
        if word and word in found:
            result.values[custom.name] = str(found[word])
        elif word:
            result.values.pop(custom.name, None)
            result.wrong[custom.name] = Sentence(UNKNOWN, {"text": word[:60]})


def finder(custom: Custom, by: Actor, words: Sequence[str]) -> Mapping[str, UUID]:
    """The ids that words mean in a field of people or of links."""
    if custom.type == "link":
        return customizable_named(custom.target).find(by, words)
    rows = fetch(
        "SELECT w, u.id FROM unnest(%s::text[]) AS w JOIN platform_user u ON u.is_active AND (u.id::text = lower(w) "
        "OR u.email = lower(w))",
        [list(words)],
    )
    return dict(rows)


def checked(object: str, given: Values, *, by: Actor, was: Values, owner: UUID | None = None) -> dict[str, Any]:
    """The same for one record; what cannot be taken is refused."""
    if not given:
        return {}
    [read] = read_values(object, [given], by=by, was=[was])
    errors = {name: sentence.translated() for name, sentence in read.wrong.items()}
    known = {one.name: one for one in custom_fields(object)}
    for name, value in read.values.items():
        if value is None and known[name].is_required and was.get(known[name].key) is not None:
            errors[name] = Sentence(NEEDED).translated()
    for name, sentence in taken(object, [(owner, read.values)])[0].items():
        errors[name] = sentence.translated()
    if errors:
        raise Invalid(errors)
    return read.values


def created(object: str, given: Values, *, by: Actor) -> dict[str, Any]:
    """The values of a new record by key, with defaults; refused when a required one is missing."""
    demand_editable(by, object, [name for name, value in given.items() if value not in (None, "", [])])
    values = merged(
        defaults(object), {name: value for name, value in checked(object, given, by=by, was={}).items() if value is not None}
    )
    if missing := lacking(object, values):
        raise Invalid({name: sentence.translated() for name, sentence in missing.items()})
    return values


def for_all(object: str, name: str, value: Any, *, by: Actor) -> Any:
    """The kept form of one value that many records are to have; refused when they cannot."""
    custom = custom_field(object, name)
    if custom is None or custom.is_unique:
        raise Invalid({"what": Sentence(NOT_THERE, {"name": name.removeprefix(PREFIX)}).translated()})
    [read] = read_values(object, [{name: value}], by=by, was=[{}])
    for sentence in read.wrong.values():
        raise Invalid({"value": sentence.translated()})
    if read.values[name] is None and custom.is_required:
        raise Invalid({"value": Sentence(NEEDED).translated()})
    return read.values[name]


def same_sql(name: str, alias: str) -> str:
    """SQL: a row has the value `%(value)s`, a JSON text, already."""
    return f"coalesce({alias}.custom->'{name.removeprefix(PREFIX)}', 'null') = %(value)s::jsonb"


def in_fact(value: Any) -> str:
    """A kept value as facts tell it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, list) else str("" if value is None else value)


def from_fact(custom: Custom, text: str) -> Any:
    """The kept value that a fact tells so."""
    if text == DOTS:
        return text
    if custom.kind == "boolean":
        return text == "yes"
    return text.split("; ") if custom.kind == "choices" else text


def taken(object: str, rows: Sequence[tuple[UUID | None, Values]]) -> list[dict[str, Sentence]]:
    """Which values of unique fields another record has already, or an earlier one of these rows; and retired choices that
    a row would give to a record which has another."""
    wrong = _retired(object, rows)
    for custom in [one for one in stored_fields(object) if one.is_unique]:
        said = [(place, owner, values[custom.name]) for place, (owner, values) in enumerate(rows) if values.get(custom.name)]
        if not said:
            continue
        what = customizable_named(object)
        fetch("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"unique {object} {custom.name}"])
        order = on(order_sql(custom), "t")
        asked = on(order_sql(custom), "w")
        there = fetch(
            f"SELECT w.place, t.id FROM unnest(%s::int[], %s::jsonb[]) AS w(place, custom) "
            f"JOIN {what.table} t ON {order} = {asked} WHERE {on(what.alive, 't')}",
            [[place for place, _owner, _value in said], [_json({custom.key: value}) for _place, _owner, value in said]],
        )
        owners: dict[int, set[UUID]] = {}
        for place, owner in there:
            owners.setdefault(place, set()).add(owner)
        seen: dict[str, UUID | None] = {}
        for place, owner, value in said:
            word = str(value).casefold()
            others = owners.get(place, set()) - {owner}
            if others or (word in seen and (owner is None or seen[word] != owner)):
                wrong[place][custom.name] = Sentence(TAKEN, {"text": str(value)[:60]})
            seen.setdefault(word, owner)
    return wrong


def _retired(object: str, rows: Sequence[tuple[UUID | None, Values]]) -> list[dict[str, Sentence]]:
    wrong: list[dict[str, Sentence]] = [{} for _row in rows]
    gone = {
        one.name: (one.key, {choice.code: choice.title_en for choice in one.choices if choice.is_retired})
        for one in stored_fields(object)
        if one.type in {"choice", "choices"}
    }
    said = [
        (place, owner, name, code)
        for place, (owner, values) in enumerate(rows)
        for name, value in values.items()
        if name in gone
        for code in (value if isinstance(value, list) else [value])
        if code in gone[name][1]
    ]
    if not said:
        return wrong
    table = customizable_named(object).table
    ids = sorted({owner for _place, owner, _name, _code in said if owner})
    there = dict(fetch(f"SELECT id, custom::text FROM {table} WHERE id = ANY(%s::uuid[])", [ids]))
    for place, owner, name, code in said:
        has = json.loads(there.get(owner, "{}")).get(gone[name][0])
        if code != has and code not in (has if isinstance(has, list) else ()):
            wrong[place][name] = Sentence(NOT_USED, {"text": gone[name][1][code]})
    return wrong


def _json(value: Any) -> Any:
    return Jsonb(value)


def lacking(object: str, values: Values) -> dict[str, Sentence]:
    """The required fields that a new record does not have."""
    return {
        one.name: Sentence(NEEDED)
        for one in stored_fields(object)
        if one.is_required and one.default is None and values.get(one.key) is None
    }


def defaults(object: str) -> dict[str, Any]:
    """What a new record has without being told, by key."""
    return {one.key: one.default for one in stored_fields(object) if one.default is not None}


def merged(before: Values, changes: Values) -> dict[str, Any]:
    """Values by key with changes by name laid over them; None takes one away."""
    after = {**before, **{name.removeprefix(PREFIX): value for name, value in changes.items()}}
    return {key: value for key, value in after.items() if value is not None}


def split(given: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """Built-in and custom ones."""
    custom = {name: value for name, value in given.items() if name.startswith(PREFIX)}
    return {name: value for name, value in given.items() if name not in custom}, custom


def kept_of_several(names: Sequence[str], members: Sequence[Values], chosen: Mapping[str, Values]) -> dict[str, Any]:
    """The values of one record made of several, the survivor first: as chosen, else the first that is there.

    Values of fields in the trash stay as the survivor has them.
    """
    keys = [name.removeprefix(PREFIX) for name in names]
    picked = {name.removeprefix(PREFIX): values.get(name.removeprefix(PREFIX)) for name, values in chosen.items()}
    found = {key: next((one[key] for one in members if one.get(key) is not None), None) for key in keys}
    return merged(members[0], {**found, **{key: value for key, value in picked.items() if key in keys}})


def links_follow(object: str, gone: Sequence[UUID], survivor: UUID | None, *, at: datetime) -> int:
    """Links to records that went lead to the survivor, or nowhere without one; the journal follows."""
    moved = 0
    for what in all_customizable():
        for custom in stored_fields(what.name):
            if custom.type == "link" and custom.target == object:
                moved += int(
                    fetch(
                        f"WITH moved AS (UPDATE {what.table} t SET custom = jsonb_strip_nulls(t.custom || "
                        f"jsonb_build_object('{custom.key}', %(to)s::text)), version = version + 1, changed_at = %(at)s, "
                        "changed_xid = pg_current_xact_id()::text::bigint "
                        f"WHERE {on(value_sql(custom), 't')} = ANY(%(gone)s) RETURNING 1) SELECT count(*) FROM moved",
                        {"gone": [str(one) for one in gone], "to": str(survivor) if survivor else None, "at": at},
                    )[0][0]
                )
    return moved


def names_of(fields: Iterable[tuple[Custom, Any]], *, by: Actor) -> dict[str, str]:
    """The names behind values of people and links, as far as the reader may see them: one query for each object."""
    people: set[str] = set()
    linked: dict[str, set[str]] = {}
    for custom, value in fields:
        if value == DOTS:
            continue
        if value and custom.kind == "person":
            people.add(str(value))
        elif value and custom.kind == "link":
            linked.setdefault(custom.target, set()).add(str(value))
    found: dict[str, str] = {}
    if people:
        found |= dict(
            fetch(
                "SELECT id::text, coalesce(nullif(name, ''), email) FROM platform_user WHERE id = ANY(%s::uuid[])",
                [sorted(people)],
            )
        )
    for target, ids in linked.items():
        found |= customizable_named(target).names(by, sorted(ids))
    return found


def needed(object: str, name: str) -> bool:
    custom = custom_field(object, name)
    return bool(custom and custom.is_required)
