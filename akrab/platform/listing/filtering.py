"""What may be asked of the fields of a list, how that becomes a database filter, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy

from akrab.platform.actor import Actor
from akrab.platform.listing.tree import Condition, FilterUnreadable, Group
from akrab.platform.rights.fields import demand_readable

Words = str | Promise
OPERATORS: Mapping[str, Sequence[str]] = {
    "text": ("is", "not", "has", "any", "none"),
    "choice": ("is", "not"),
    "number": ("min", "max"),
    "day": ("within", "before", "from", "until", "any", "none"),
    "there": ("any", "none"),
}
SAID: Mapping[str, Words] = {
    "is": gettext_lazy("is"),
    "not": gettext_lazy("is not"),
    "has": gettext_lazy("contains"),
    "any": gettext_lazy("is there"),
    "none": gettext_lazy("is missing"),
    "min": gettext_lazy("at least"),
    "max": gettext_lazy("at most"),
    "within": gettext_lazy("within"),
    "before": gettext_lazy("longer ago than"),
    "from": gettext_lazy("from"),
    "until": gettext_lazy("until"),
}
SPANS: Mapping[str, Words] = {
    "today": gettext_lazy("today"),
    "yesterday": gettext_lazy("yesterday"),
    "7d": gettext_lazy("the last 7 days"),
    "30d": gettext_lazy("the last 30 days"),
    "90d": gettext_lazy("the last 90 days"),
    "365d": gettext_lazy("the last 365 days"),
    "this-week": gettext_lazy("this week"),
    "this-month": gettext_lazy("this month"),
    "last-month": gettext_lazy("last month"),
    "this-year": gettext_lazy("this year"),
    "last-year": gettext_lazy("last year"),
}
JOINED: Mapping[str, Words] = {"and": gettext_lazy("and"), "or": gettext_lazy("or")}
BARE = frozenset({"any", "none"})


@dataclass(frozen=True, slots=True)
class FilterField:
    """A field that can be filtered: how rows meet a condition, and under which protected name it is closed to some.

    `meets` makes a filter of operator, checked values and reader; `options` are the values of a choice.
    """

    name: str
    title: Words
    type: str
    meets: Callable[[str, Any, Actor], Q]
    protects: str = ""
    options: Callable[[Actor], Sequence[tuple[str, Words]]] | None = None
    shown: Callable[[str], str] = str
    operators: tuple[str, ...] = ()

    @property
    def asks(self) -> Sequence[str]:
        return self.operators or OPERATORS[self.type]


@dataclass(frozen=True, slots=True)
class Filterable:
    """The fields of one object that filters know; `protected` is its name in the policy, `more` gives those added later."""

    protected: str
    fields: Mapping[str, FilterField] = field(default_factory=dict)
    more: Callable[[], Mapping[str, FilterField]] = dict

    def known(self) -> Mapping[str, FilterField]:
        """Built-in fields, and those that the company added."""
        return {**self.fields, **self.more()}

    def q(self, tree: Group, *, by: Actor) -> Q:
        """The tree as a Django filter; refused when it uses a field that the reader cannot read."""
        used = [self.named(one).protects for one in tree.conditions()]
        demand_readable(by, self.protected, [name for name in used if name])
        return self._q(tree, by)

    def _q(self, part: Condition | Group, by: Actor) -> Q:
        if isinstance(part, Group):
            if not part.parts:
                return Q()
            return Q(*(self._q(one, by) for one in part.parts), _connector="OR" if part.joined == "or" else "AND")
        known = self.named(part)
        return known.meets(part.operator, checked(known, part, by=by), by)

    def named(self, one: Condition) -> FilterField:
        found = self.fields.get(one.field) or self.more().get(one.field)
        if found is None or one.operator not in found.asks:
            raise FilterUnreadable(where=f"{one.field}:{one.operator}")
        return found

    def say(self, part: Condition | Group, *, by: Actor) -> str:
        """A condition or a group in words."""
        if isinstance(part, Group):
            return f" {JOINED[part.joined]} ".join(
                f"({self.say(one, by=by)})" if isinstance(one, Group) and len(one.parts) > 1 else self.say(one, by=by)
                for one in part.parts
            )
        known = self.named(part)
        words = f"{known.title} {SAID[part.operator]}"
        if part.operator in BARE:
            return words
        titles = dict(known.options(by)) if known.options else {}
        values = [str(titles.get(one) or SPANS.get(one) or known.shown(one)) for one in part.values]
        return f"{words} " + f" {JOINED['or']} ".join(values)


def checked(known: FilterField, one: Condition, *, by: Actor) -> Any:
    """The values of a condition by their type: texts, a number, or the first moment and the moment after the last."""
    if one.operator in BARE:
        return None
    if not one.values:
        raise FilterUnreadable(where=f"{one.field}:{one.operator}")
    if known.type == "number":
        try:
            number = Decimal(one.values[0])
        except InvalidOperation as problem:
            raise FilterUnreadable(where=one.values[0]) from problem
        if not number.is_finite() or abs(number) > 10**15:
            raise FilterUnreadable(where=one.values[0])
        return number
    if known.type == "day":
        return span(one.values[0], by=by)
    return list(one.values)


def span(word: str, *, by: Actor) -> tuple[datetime, datetime]:
    """The days that a word such as `30d`, `this-month` or `2026-03-31` means, in the zone of the reader."""
    today = now().astimezone(by.tzinfo).date()
    first, last = _days(word, today)
    return _start(first, by), _start(last + timedelta(days=1), by)


def _days(word: str, today: date) -> tuple[date, date]:
    match word:
        case "today":
            return today, today
        case "yesterday":
            return today - timedelta(days=1), today - timedelta(days=1)
        case "this-week":
            return today - timedelta(days=today.weekday()), today
        case "this-month":
            return today.replace(day=1), today
        case "last-month":
            end = today.replace(day=1) - timedelta(days=1)
            return end.replace(day=1), end
        case "this-year":
            return today.replace(month=1, day=1), today
        case "last-year":
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    if word.endswith("d") and word[:-1].isdecimal() and 0 < int(word[:-1]) <= 36_500:
        return today - timedelta(days=int(word[:-1]) - 1), today
    try:
        on = date.fromisoformat(word)
    except ValueError as problem:
        raise FilterUnreadable(where=word) from problem
    if not 1900 <= on.year <= 9000:
        raise FilterUnreadable(where=word)
    return on, on


def _start(day: date, by: Actor) -> datetime:
    return datetime.combine(day, datetime.min.time(), by.tzinfo)


def column(name: str, *, scale: Callable[[Decimal], Any] = lambda number: number) -> Callable[[str, Any, Actor], Q]:
    """Conditions on a column of the object's own table; an empty text counts as missing."""

    def meets(operator: str, value: Any, by: Actor) -> Q:
        match operator:
            case "is":
                return Q(**{f"{name}__in": value})
            case "not":
                return ~Q(**{f"{name}__in": value})
            case "has":
                return Q(*(Q(**{f"{name}__icontains": one}) for one in value), _connector="OR")
            case "min":
                return Q(**{f"{name}__gte": scale(value)})
            case "max":
                return Q(**{f"{name}__lte": scale(value)})
            case "any":
                return ~Q(**{name: ""})
            case _:
                return Q(**{name: ""})

    return meets


def moment(name: str) -> Callable[[str, Any, Actor], Q]:
    """Conditions on a moment, by whole days of the reader."""

    def meets(operator: str, value: Any, by: Actor) -> Q:
        match operator:
            case "within":
                return Q(**{f"{name}__gte": value[0], f"{name}__lt": value[1]})
            case "before":
                return Q(**{f"{name}__lt": value[0]})
            case "from":
                return Q(**{f"{name}__gte": value[0]})
            case "until":
                return Q(**{f"{name}__lt": value[1]})
            case _:
                return Q(**{f"{name}__isnull": operator == "none"})

    return meets
