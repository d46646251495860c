"""Moments and days as files write them, quickly for the usual layouts, never guessing day and month."""

# Times in files are local times of some place; the zone is added last, so they are naive here on purpose.
# ruff: noqa: DTZ001

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from akrab.platform.tabular.problems import ParseProblem
from akrab.platform.tabular.sheet import DateStyle

Reading = DateStyle

_AFTER_ISO_DAY = frozenset(("", "T", " "))
_MARKS = frozenset(("/", "-", "."))
_USUAL_LENGTHS = frozenset((10, 16, 19))
_SPLIT = re.compile(
    r"(?:[^\W\d]{2,9},?\s+)?(?P<day>[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}"
    r"|[0-9]{1,2}[-/. ]?[^\W\d]{3,9}\.?,?[-/. ]?[0-9]{2,4}"
    r"|[^\W\d]{3,9}\.?[-/. ][0-9]{1,2},?[-/. ][0-9]{4}|[0-9]{8})"
    r"(?:(?:[T,]\s*|\s+|(?<=[0-9]{4}):)(?P<time>[0-9]{1,2}(?:[:.][0-9]{2}){1,2}(?:[.,][0-9]{1,9})?)\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|WIB|WITA|WIT|[+-][0-9]{2}:?[0-9]{2})?)?"
).fullmatch
_THREE = re.compile(r"([0-9]{1,4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,4})").fullmatch
_DAY_NAME = re.compile(r"([0-9]{1,2})[-/. ]?([^\W\d]{3,9})\.?,?[-/. ]?([0-9]{2,4})").fullmatch
_NAME_DAY = re.compile(r"([^\W\d]{3,9})\.?[-/. ]([0-9]{1,2}),?[-/. ]([0-9]{4})").fullmatch
_NUMBER = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,15})?").fullmatch

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan january januari", "feb february februari peb pebruari", "mar march maret", "apr april", "may mei",
            "jun june juni", "jul july juli", "aug august agu agt ags agustus", "sep sept september",
            "oct october okt oktober", "nov november nop nopember", "dec december des desember",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "WIB": 7, "WITA": 8, "WIT": 9}
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()
_EXCEL_1904 = date(1904, 1, 1).toordinal()
_FIRST_YEAR, _LAST_YEAR = 1800, 2200
_PIVOT = 70


def parse_moment(value: object, style: DateStyle, zone: tzinfo) -> datetime | ParseProblem:
    """An aware moment in UTC. Times without a zone are local times of `zone`; a day alone is its midnight."""
    local = parse_local(value, style)
    if isinstance(local, ParseProblem):
        return local
    try:
        if local.tzinfo is not None:
            return local.astimezone(UTC)
        offset = _offset_of_day(zone, local.date())
        if offset is None:
            return local.replace(tzinfo=zone).astimezone(UTC)
        return local.replace(tzinfo=UTC) - offset
    except (OverflowError, ValueError):
        return ParseProblem("date_out_of_range", str(value))


def parse_day(value: object, style: DateStyle) -> date | ParseProblem:
    """A calendar day; a time beside it is left out."""
    local = parse_local(value, style)
    return local if isinstance(local, ParseProblem) else local.date()


def parse_local(value: object, style: DateStyle) -> datetime | ParseProblem:
    """What is written, with a zone only when one is written."""
    if type(value) is str:
        text = value.strip()
        if text[4:5] == "-" and text[7:8] == "-" and text[10:11] in _AFTER_ISO_DAY:
            return _from_iso(text)
        if text[2:3] in _MARKS and text[2:3] == text[5:6] and len(text) in _USUAL_LENGTHS:
            return _from_usual_layout(text, style)
        return _parse_text(text, style) if text else ParseProblem("blank_value")
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if value is None:
        return ParseProblem("blank_value")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(float(value), str(value), style)
    return ParseProblem("not_a_date", str(value))


def date_styles(text: str) -> frozenset[DateStyle]:
    """The styles in which this text is a date. Named months and ISO fit every style that is not a number."""
    text = text.strip()
    if len(text) < 6 or len(text) > 40 or not any(char.isdigit() for char in text):
        return frozenset()
    return frozenset(style for style in _TEXT_STYLES if isinstance(parse_local(text, style), datetime))


_TEXT_STYLES: tuple[DateStyle, ...] = ("day_first", "month_first", "year_first", "iso")


def _from_iso(text: str) -> datetime | ParseProblem:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text.replace(" Z", "Z").replace(" +", "+").replace(" -", "-"))
        except ValueError:
            return ParseProblem("not_a_date", text)
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else ParseProblem("date_out_of_range", text)


def _parse_text(text: str, style: DateStyle) -> datetime | ParseProblem:
    if _NUMBER(text) and (style in _NUMERIC or len(text) != 8):
        return _from_number(float(text), text, style)
    match = _SPLIT(text) if len(text) <= 60 else None
    if match is None:
        return ParseProblem("not_a_date", text)
    day = _day(match["day"], style)
    if isinstance(day, ParseProblem):
        return ParseProblem(day.code, text, day.first, day.second)
    if match["time"] is None:
        return datetime(day.year, day.month, day.day)
    clock = _clock(match["time"], match["half"])
    if clock is None:
        return ParseProblem("not_a_date", text)
    moment = datetime.combine(day, clock)
    return moment if match["zone"] is None else moment.replace(tzinfo=_zone(match["zone"]))


_NUMERIC: frozenset[DateStyle] = frozenset({"excel", "excel_1904", "epoch", "epoch_ms", "compact"})


def _from_usual_layout(text: str, style: DateStyle) -> datetime | ParseProblem:
    """dd/mm/yyyy or mm/dd/yyyy, with hours and minutes, with seconds: by place, without a search."""
    day = _day(text[:10], style)
    if len(text) == 10 and isinstance(day, date):
        return datetime(day.year, day.month, day.day)
    clock = _usual_clock(text[10:])
    if clock is None or not isinstance(day, date):
        return _parse_text(text, style)
    return datetime.combine(day, clock)


@lru_cache(maxsize=100_000)
def _usual_clock(text: str) -> time | None:
    if text[:1] not in " T" or text[3:4] != ":" or text[6:7] not in ("", ":"):
        return None
    digits = text[1:3] + text[4:6] + text[7:9]
    return _clock(text[1:], None) if digits.isdigit() and digits.isascii() else None


@lru_cache(maxsize=20_000)
def _day(text: str, style: DateStyle) -> date | ParseProblem:
    """Dates repeat a great deal in one file, so each text is taken apart once."""
    if match := _THREE(text):
        return _numeric_day(match.groups(), style)
    if match := _DAY_NAME(text):
        day, name, year = match.groups()
        return _build(year, str(_MONTHS.get(name.lower(), 0)), day, text)
    if match := _NAME_DAY(text):
        name, day, year = match.groups()
        return _build(year, str(_MONTHS.get(name.lower(), 0)), day, text)
    return ParseProblem("number_as_date" if style == "ask" else "not_a_date", text)


def _numeric_day(parts: tuple[str, ...], style: DateStyle) -> date | ParseProblem:
    first, second, third = parts
    if len(first) >= 3:
        return _build(first, second, third, "-".join(parts)) if len(first) == 4 else ParseProblem("not_a_date")
    found = {
        "day_first": _build(third, second, first),
        "month_first": _build(third, first, second),
        "year_first": _build(first, second, third) if len(third) <= 2 else ParseProblem("not_a_date"),
    }
    if style in found:
        return _in_chosen_order(found, style)
    if style == "iso":
        return ParseProblem("other_date_order")
    days = {day for name, day in found.items() if isinstance(day, date) and name != "year_first"}
    if len(days) == 2:
        low, high = sorted(days)
        return ParseProblem("ambiguous_date", "", low.isoformat(), high.isoformat())
    return days.pop() if days else ParseProblem("not_a_date")


def _in_chosen_order(found: dict[str, date | ParseProblem], style: DateStyle) -> date | ParseProblem:
    chosen = found[style]
    if isinstance(chosen, ParseProblem) and any(isinstance(day, date) for day in found.values()):
        return ParseProblem("other_date_order")
    return chosen


def _build(year: str, month: str, day: str, text: str = "") -> date | ParseProblem:
    number = int(year)
    if len(year) <= 2:
        number += 2000 if number < _PIVOT else 1900
    elif len(year) == 3:
        return ParseProblem("not_a_date", text)
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        return ParseProblem("date_out_of_range", text)
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return ParseProblem("not_a_date", text)


def _clock(text: str, half: str | None) -> time | None:
    parts = re.split(r"[:.,]", text)
    hour, minute = int(parts[0]), int(parts[1])
    second = int(parts[2]) if len(parts) > 2 else 0
    micro = int(parts[3][:6].ljust(6, "0")) if len(parts) > 3 else 0
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    try:
        return time(hour, minute, second, micro)
    except ValueError:
        return None


def _zone(text: str) -> tzinfo:
    return datetime.fromisoformat(f"2000-01-01T00:00+{_ZONES[text]:02}:00").tzinfo or UTC if text in _ZONES else (
        datetime.fromisoformat(f"2000-01-01T00:00{text}").tzinfo or UTC
    )  # fmt: skip


def _from_number(number: float, text: str, style: DateStyle) -> datetime | ParseProblem:
    try:
        if style in ("excel", "excel_1904"):
            return _from_excel(number, text, _EXCEL_EPOCH if style == "excel" else _EXCEL_1904)
        if style == "compact":
            digits = f"{int(number):08d}"
            found = _build(digits[:-4], digits[-4:-2], digits[-2:], text)
            return found if isinstance(found, ParseProblem) else datetime(found.year, found.month, found.day)
        if style in ("epoch", "epoch_ms"):
            seconds = number / 1000 if style == "epoch_ms" else number
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return ParseProblem("date_out_of_range", text)
    return ParseProblem("number_as_date", text)


def _from_excel(number: float, text: str, epoch: int) -> datetime | ParseProblem:
    """Spreadsheets count days from an imagined 29 February 1900, so the first two months are one day off."""
    days = int(number)
    if not 1 <= days < 200_000:
        return ParseProblem("date_out_of_range", text)
    if epoch == _EXCEL_EPOCH and days < 60:
        days += 1
    day = datetime.fromordinal(epoch + days)
    return day + timedelta(seconds=round((number - int(number)) * 86_400))


@lru_cache(maxsize=50_000)
def _offset_of_day(zone: tzinfo, day: date) -> timedelta | None:
    """The offset that holds for the whole day; None when the clock is changed on it or beside it."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    offsets = {(noon + timedelta(days=step)).utcoffset() for step in (-1, 0, 1)}
    return offsets.pop() if len(offsets) == 1 else None
