"""Values of custom fields: read from what people, files and programs say into one kept form, and said again.

Kept are JSON values: texts; decimals as text; money as whole minor units; days and UTC moments in ISO; codes of choices;
ids of people and records; true and false. A value that is not there has no key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from akrab.platform import money
from akrab.platform.customizing.fields import Custom
from akrab.platform.rights.fields import DOTS
from akrab.platform.tabular.problems import ParseProblem
from akrab.platform.tabular.sentences import Sentence, gettext_noop
from akrab.platform.tabular.truths import parse_boolean
from akrab.platform.templatetags.shell import clock, day, language, number

LONGEST = {"text": 300, "long": 10_000, "url": 2_000}
KEEPING = object()
"""What stands there is not known yet: a retired choice is read, and `taken` refuses it where it is new."""
_PARTS = re.compile(r"[;\n]")
_LARGEST = Decimal(10) ** 18


class BadValue(ValueError):
    """A value that a field cannot take."""

    def __init__(self, text: str, /, **values: object) -> None:
        self.sentence = Sentence(text, values)
        super().__init__(str(self.sentence))


def kept(custom: Custom, value: Any, *, zone: ZoneInfo, was: Any = None) -> Any:
    """The form in which a value is kept, None for nothing; `was` is what stands there, which a retired choice may stay."""
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "" or value == []:
        return None
    return _READERS[custom.type](custom, value, zone, was)


def _text(custom: Custom, value: Any, zone: ZoneInfo, was: Any) -> str:
    text = str(value).replace("\r\n", "\n")
    if custom.type != "long":
        text = " ".join(text.split())
    if len(text) > LONGEST[custom.type]:
        raise BadValue(gettext_noop("Longer than %(most)s letters."), most=LONGEST[custom.type])
    return text


def _url(custom: Custom, value: Any, zone: ZoneInfo, was: Any) -> str:
    text = _text(custom, value, zone, was)
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError as problem:
        raise BadValue(gettext_noop("“%(text)s” is no web address."), text=text[:60]) from problem
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or "") or " " in text:
        raise BadValue(gettext_noop("“%(text)s” is no web address."), text=text[:60])
    return text


def _decimal(value: Any) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation as problem:
        raise BadValue(gettext_noop("“%(text)s” is no number."), text=str(value)[:40]) from problem
    if isinstance(value, bool) or not found.is_finite() or abs(found) >= _LARGEST:
        raise BadValue(gettext_noop("“%(text)s” is no number."), text=str(value)[:40])
    return found


def _number(custom: Custom, value: Any, zone: ZoneInfo, was: Any) -> str:
    found = round(_decimal(value), 6)
    return f"{found.normalize():f}" if found else "0"


def _money(custom: Custom, value: Any, zone: ZoneInfo, was: Any) -> int:
    return money.to_minor(_decimal(value), custom.currency)


def _date(custom: Custom, value: Any, zone: ZoneInfo, was: Any) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(zone).date()
    try:
        on = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except ValueError as problem:
        raise BadValue(gettext_noop("“%(text)s” is no date."), text=str(value)[:40]) from problem
    if not 1000 <= on.year <= 9000:
        raise BadValue(gettext_noop("“%(text)s” is no date."), text=str(value)[:40])
    return on.isoformat()


def _moment(custom: Custom, value: Any, zone: ZoneInfo, was: Any) -> str:
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as problem:
        raise BadValue(gettext_noop("“%(text)s” is no date and time."), text=str(value)[:40]) from problem
    if not 1000 <= at.year <= 9000:
        raise BadValue(gettext_noop("“%(text)s” is no date and time."), text=str(value)[:40])
    aware = at if at.tzinfo else at.replace(tzinfo=zone)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _choice(custom: Custom, value: Any, zone: ZoneInfo, was: Any) -> str:
    word = str(value).strip().casefold()
    for one in custom.choices:
        if word in {one.code, one.title_en.casefold(), one.title_id.casefold()} and word:
            if (
                one.is_retired
                and was is not KEEPING
                and one.code != was
                and one.code not in (was if isinstance(was, list) else ())
            ):
                raise BadValue(gettext_noop("“%(text)s” is not used any more."), text=one.title_en)
            return one.code
    raise BadValue(gettext_noop("“%(text)s” is none of the choices."), text=str(value)[:40])


def _choices(custom: Custom, value: Any, zone: ZoneInfo, was: Any) -> list[str] | None:
    words = value if isinstance(value, list | tuple | set | frozenset) else _PARTS.split(str(value))
    return sorted({_choice(custom, one, zone, was) for one in words if str(one).strip()}) or None


def _id(custom: Custom, value: Any, zone: ZoneInfo, was: Any) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError as problem:
        raise BadValue(gettext_noop("“%(text)s” is no id."), text=str(value)[:40]) from problem


def _boolean(custom: Custom, value: Any, zone: ZoneInfo, was: Any) -> bool:
    found = parse_boolean(value)
    if isinstance(found, ParseProblem):
        raise BadValue(gettext_noop("“%(text)s” is neither yes nor no."), text=str(value)[:40])
    return found


_READERS: Mapping[str, Callable[[Custom, Any, ZoneInfo, Any], Any]] = {
    "text": _text, "long": _text, "url": _url, "number": _number, "money": _money, "date": _date, "moment": _moment,
    "choice": _choice, "choices": _choices, "person": _id, "link": _id, "boolean": _boolean,
}  # fmt: skip


def said(custom: Custom, value: Any, names: Mapping[str, str] | None = None) -> str:
    """A kept or computed value for a reader; `names` are those of people and records by id."""
    if value is None or value == "":
        return ""
    if value == DOTS:
        return DOTS
    match custom.kind:
        case "number":
            found = Decimal(str(value))
            places = max(0, -int(found.normalize().as_tuple().exponent))
            return number(found, min(places, 6))
        case "money":
            return money.show(round(Decimal(str(value))), custom.currency, language())
        case "date":
            return day(date.fromisoformat(str(value)))
        case "moment":
            at = localtime(datetime.fromisoformat(str(value)))
            return f"{day(at)} {clock(at)}"
        case "choice":
            return next((one.title for one in custom.choices if one.code == value), str(value))
        case "choices":
            titles = {one.code: one.title for one in custom.choices}
            return ", ".join(titles.get(one, one) for one in value)
        case "person" | "link":
            return (names or {}).get(str(value), "") or _("(not visible)")
        case "boolean":
            return _("yes") if value else _("no")
    return str(value)


def told(custom: Custom, value: Any) -> Any:
    """A kept or computed value for programs: decimals and money as text, days and moments in ISO, ids, codes, true, false."""
    if value is None:
        return None
    if custom.kind == "money":
        return f"{money.to_decimal(round(Decimal(str(value))), custom.currency):f}"
    if custom.kind == "number":
        found = Decimal(str(value))
        return f"{found.normalize():f}" if found else "0"
    return value
