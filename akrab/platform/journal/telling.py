"""How entries of the journal are told to people: a sentence, and each field with its old and new value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from akrab.platform import money
from akrab.platform.bulk import fetch
from akrab.platform.customizing.history import custom_of, people_and_records
from akrab.platform.customizing.values import said
from akrab.platform.journal.declaring import Journalled, declared, title_of_table
from akrab.platform.journal.entries import ACTIONS
from akrab.platform.presentation import ENTRANCES, Words
from akrab.platform.queries.journal import Change, Doing
from akrab.platform.queries.organization import names_of_people
from akrab.platform.templatetags.shell import day, moment

KINDS: dict[str, Words] = {"i": gettext_lazy("Added"), "u": gettext_lazy("Changed"), "d": gettext_lazy("Removed")}
REASONS: dict[str, Words] = {
    "changed_since": gettext_lazy("Changed since"),
    "in_use": gettext_lazy("In use elsewhere now"),
    "taken": gettext_lazy("Something else has its place now"),
    "parent_gone": gettext_lazy("What it belongs to is gone"),
    "gone": gettext_lazy("It is not there any more"),
}
PAGES = {"customer": "customers:show", "product": "commerce:product", "branch": "commerce:branch", "import": "platform:import"}
TONES = {"i": "success", "u": "info", "d": "danger"}


@dataclass(frozen=True, slots=True)
class FieldTold:
    """One field: its name and both values as people read them."""

    title: Words
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class RowTold:
    """One row: what it is, what happened to it, and its fields; `is_closed` when the reader may not see them."""

    title: Words
    name: str
    kind: Words
    tone: str
    fields: list[FieldTold]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class EntryTold:
    """One entry as a page shows it."""

    id: UUID
    at: datetime
    title: str
    who: str
    entrance: Words
    link: str
    summary: str
    doing: Doing
    rows: list[RowTold]


def tell_entry(doing: Doing) -> EntryTold:
    """The sentence of an entry and its rows in the reader's language."""
    references = _references(doing.changes)
    return EntryTold(
        doing.id,
        doing.at,
        _title(doing),
        doing.who,
        ENTRANCES.get(doing.entrance, ""),
        _link(doing),
        _summary(doing.counts),
        doing,
        [_row(one, references) for one in doing.changes],
    )


def _title(doing: Doing) -> str:
    """What was done; of an undo, what it took back."""
    if not doing.deed:
        return title_of(doing.action, doing.label, doing.subject)
    words = _("Undone: %(what)s") if doing.is_undoing else _("Done again: %(what)s")
    return words % {"what": title_of(doing.deed, doing.label, doing.subject)}


def title_of(action: str, label: str, subject: str = "") -> str:
    """What was done, with the name of what it was done to."""
    known = ACTIONS.get(action)
    what = label or next((str(one.title) for one in declared().values() if one.subject == subject), "") or _("several things")
    return str(known) % {"subject": what} if known else action.rpartition(".")[2].replace("_", " ")


def field_title(table: str, name: str) -> Words:
    one = declared().get(table)
    if custom := custom_of(table, name):
        return custom.title
    return (one.fields_named.get(name) if one else None) or name.removesuffix("_id").replace("_", " ").capitalize()


def shown_value(table: str, name: str, value: Any, references: Mapping[tuple[str, str, str], str] | None = None) -> str:
    """A stored value as text: money, yes and no, the name behind a reference."""
    one = declared().get(table)
    if value is None or value in ("", [], {}):
        return "–"
    if custom := custom_of(table, name):
        return said(custom, value, people_and_records(custom, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if one is not None and name in one.money and isinstance(value, int):
        return money.show(value, settings.CURRENCY, get_language() or settings.LANGUAGE_CODE)
    return (references or {}).get((table, name, str(value))) or (_typed(one, name, value) if one else str(value))


def _typed(one: Journalled, name: str, value: Any) -> str:
    """A stored value by the type of its column: days and moments of the reader, the title of a choice, several in a row."""
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    try:
        field = one.model._meta.get_field(name)
    except FieldDoesNotExist:
        return str(value)
    titles = dict(getattr(field, "flatchoices", ()))
    if value in titles:
        return str(titles[value])
    try:
        if isinstance(field, DateTimeField):
            return moment(datetime.fromisoformat(value))
        return day(date.fromisoformat(value)) if isinstance(field, DateField) else str(value)
    except (TypeError, ValueError):
        return str(value)


def _row(change: Change, references: Mapping[tuple[str, str, str], str]) -> RowTold:
    fields = [
        FieldTold(
            field_title(change.table, name),
            shown_value(change.table, name, was, references),
            shown_value(change.table, name, became, references),
        )
        for name, (was, became) in (change.fields or {}).items()
    ]
    return RowTold(
        title_of_table(change.table), change.name, KINDS[change.kind], TONES[change.kind], fields, change.fields is None
    )


def _references(changes: Iterable[Change]) -> dict[tuple[str, str, str], str]:
    """The names behind changed foreign keys."""
    found: dict[tuple[str, str, str], str] = {}
    changes = list(changes)
    for table in {one.table for one in changes}:
        follower = declared().get(table)
        for column, target, there in follower.parents if follower else ():
            main = declared().get(target)
            pairs = [one.fields[column] for one in changes if one.table == table and one.fields and column in one.fields]
            values = sorted({str(value) for pair in pairs for value in pair if value is not None})
            if target == "platform_user":
                people = names_of_people([UUID(value) for value in values])
                found |= {(table, column, str(key)): name for key, name in people.items()}
            elif main is not None and main.label and values:
                found |= {(table, column, key): name for key, name in _names(main, there, values)}
    return found


def _names(main: Journalled, column: str, values: list[str]) -> list[tuple[str, str]]:
    rows = fetch(f'SELECT "{column}"::text, "{main.label}"::text FROM {main.table} WHERE "{column}"::text = ANY(%s)', [values])
    return [(row[0], row[1]) for row in rows]


def _summary(counts: Mapping[str, int]) -> str:
    return " · ".join(f"{title_of_table(table)}: {count}" for table, count in counts.items())


def _link(doing: Doing) -> str:
    if doing.subject not in PAGES or doing.subject_id is None:
        return ""
    try:
        return reverse(PAGES[doing.subject], args=[doing.subject_id])
    except NoReverseMatch:
        return ""


def as_date(text: str) -> date | None:
    """A day of an address, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
