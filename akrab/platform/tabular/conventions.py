"""How the numbers and dates of a column are written, judged by its sample; what stays open becomes a question."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from akrab.platform.tabular.dates import date_styles
from akrab.platform.tabular.numbers import number_styles
from akrab.platform.tabular.sheet import Cell, ColumnKind, DateStyle, NumberStyle
from akrab.platform.tabular.truths import WORDS
from akrab.platform.tabular.vocabulary import fold

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}").fullmatch
_PHONE = re.compile(r"(?:\+|00)[1-9][0-9 ().\-/]{6,18}|\(?0[0-9]{1,4}\)?[0-9 .\-/]{5,16}|62[0-9]{8,13}").fullmatch
_DATE_WORDS = frozenset(
    [
        "date",
        "time",
        "datetime",
        "timestamp",
        "tanggal",
        "tgl",
        "waktu",
        "jam",
        "created",
        "updated",
        "birthday",
        "dob",
        "lahir",
        "at",
        "on",
    ]
)
_FITS = 0.95
_MOSTLY = 0.5
_NUMBERED_DATES: tuple[DateStyle, ...] = ("excel", "compact", "epoch", "epoch_ms")
_ORDERS: tuple[DateStyle, ...] = ("day_first", "month_first", "year_first")


@dataclass(slots=True)
class Evidence:
    """Counts of what the cells of one column can be; grows with every cell added."""

    name: str
    total: int = 0
    blank: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    _seen: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def add(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            self.total += 1
            if cell is None or (type(cell) is str and not cell.strip()):
                self.blank += 1
                continue
            for counter, key in self._traits(cell):
                getattr(self, counter)[key] += 1
                kept = self.examples.setdefault(f"{counter}.{key}", [])
                if len(kept) < 3 and str(cell) not in kept:
                    kept.append(str(cell)[:60])

    @property
    def filled(self) -> int:
        return self.total - self.blank

    def _traits(self, cell: Cell) -> tuple[tuple[str, str], ...]:
        if type(cell) is not str:
            return _typed_traits(cell)
        known = self._seen.get(cell)
        if known is None:
            known = _text_traits(cell.strip())
            if len(self._seen) < 50_000:
                self._seen[cell] = known
        return known


def _typed_traits(cell: Cell) -> tuple[tuple[str, str], ...]:
    if isinstance(cell, bool):
        return (("kinds", "boolean"),)
    if isinstance(cell, int) or (isinstance(cell, float | Decimal) and cell == cell and cell % 1 == 0):
        return (("kinds", "number"), ("kinds", "integer"), ("numbers", "plain"), *_number_as_date(float(cell)))
    if isinstance(cell, float | Decimal):
        return (("kinds", "number"), ("numbers", "plain"), *_number_as_date(float(cell)))
    if isinstance(cell, datetime):
        return (
            ("kinds", "date"),
            ("dates", "plain"),
            *((("kinds", "moment"),) if cell.time() != datetime.min.time() else ()),
        )
    return (("kinds", "date"), ("dates", "plain")) if isinstance(cell, date) else (("kinds", "text"),)


def _text_traits(text: str) -> tuple[tuple[str, str], ...]:
    traits: list[tuple[str, str]] = []
    if "@" in text:
        return (("kinds", "email"),) if _EMAIL(text) else (("kinds", "text"),)
    if text.casefold() in WORDS:
        traits.append(("kinds", "boolean"))
    if _PHONE(text):
        traits.append(("kinds", "phone"))
    traits += _number_traits(text)
    dates = date_styles(text)
    if dates:
        traits += _date_traits(text, dates)
    return tuple(traits) or (("kinds", "text"),)


def _number_traits(text: str) -> list[tuple[str, str]]:
    digits = sum(char.isdigit() for char in text)
    if not digits or len(text) > 40:
        return []
    if text.isdigit() and ((text[0] == "0" and len(text) > 1) or digits > 15):
        return [("kinds", "code")]
    styles = number_styles(text)
    if not styles:
        return []
    bare = text.isascii() and text.lstrip("-+").isdigit()
    traits = [("kinds", "number")]
    if bare:
        return [*traits, ("kinds", "integer"), ("numbers", "plain"), *_number_as_date(float(text))]
    if len(styles) == 1:
        return [*traits, ("numbers", next(iter(styles)))]
    return [*traits, ("numbers", "either" if "." in text or "," in text else "plain")]


def _date_traits(text: str, styles: frozenset[DateStyle]) -> list[tuple[str, str]]:
    traits = [("kinds", "date")]
    if ":" in text or re.search(r"\s\d{1,2}\.\d{2}", text):
        traits.append(("kinds", "moment"))
    orders = styles & {"day_first", "month_first"}
    if "iso" in styles:
        traits.append(("dates", "plain"))
    elif len(orders) == 1:
        traits.append(("dates", next(iter(orders))))
    elif len(orders) == 2:
        same = _same_day(text)
        traits.append(("dates", "plain" if same else "either"))
    else:
        traits.append(("dates", "year_first"))
    return traits


def _same_day(text: str) -> bool:
    parts = re.findall(r"\d+", text)
    return len(parts) >= 2 and int(parts[0]) == int(parts[1])


def _number_as_date(number: float) -> tuple[tuple[str, str], ...]:
    whole = int(number)
    if 20_000 <= whole <= 60_000:
        return (("dates", "excel"),)
    if 19_000_101 <= whole <= 21_001_231 and 1 <= whole // 100 % 100 <= 12 and 1 <= whole % 100 <= 31:
        return (("dates", "compact"),)
    if 631_152_000 <= whole <= 4_102_444_800:
        return (("dates", "epoch"),)
    return (("dates", "epoch_ms"),) if 631_152_000_000 <= whole <= 4_102_444_800_000 else ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a column is; an open style stays "ask" and names the styles it can be."""

    kind: ColumnKind
    confidence: float
    numbers: NumberStyle
    dates: DateStyle
    open_numbers: tuple[NumberStyle, ...] = ()
    open_dates: tuple[DateStyle, ...] = ()
    examples: tuple[str, ...] = ()
    suggestion: str | None = None


def judge(evidence: Evidence) -> Verdict:
    filled = evidence.filled
    if not filled:
        return Verdict("blank", 1.0, "point", "iso")
    share = {kind: count / filled for kind, count in evidence.kinds.items()}
    if share.get("number", 0) >= _FITS and share.get("phone", 0) < 0.8:
        return _judge_numbers(evidence, share)
    if share.get("date", 0) >= _FITS:
        return _judge_dates(evidence, share)
    looks: tuple[ColumnKind, ...] = ("email", "boolean", "phone")
    for kind in looks:
        if share.get(kind, 0) >= 0.8 and not (kind == "phone" and share.get("date", 0) >= _MOSTLY):
            return Verdict(kind, round(share[kind], 2), "ask", "ask")
    numbers, open_numbers = _number_style(evidence.numbers)
    dates, open_dates = _date_style(evidence.dates)
    if share.get("number", 0) < _MOSTLY:
        open_numbers = ()
    if share.get("date", 0) < _MOSTLY and not _has_date_word(evidence.name):
        open_dates = ()
    confidence = 1 - max(share.get("number", 0), share.get("date", 0), 0.05)
    examples = _examples(evidence, "numbers.either") if open_numbers else _examples(evidence, "dates.either")
    return Verdict("text", round(confidence, 2), numbers, dates, open_numbers, open_dates, examples)


def _judge_numbers(evidence: Evidence, share: dict[str, float]) -> Verdict:
    style, open_styles = _number_style(evidence.numbers)
    serial: DateStyle = "ask"
    open_dates: tuple[DateStyle, ...] = ()
    if _has_date_word(evidence.name):
        open_dates = tuple(s for s in _NUMBERED_DATES if evidence.dates[s] >= _FITS * evidence.filled)
        if open_dates in (("compact",), ("epoch",), ("epoch_ms",)):
            kind: ColumnKind = "date" if open_dates == ("compact",) else "moment"
            return Verdict(kind, 0.9, style, open_dates[0])
    kind = "integer" if share.get("integer", 0) >= _FITS else "decimal"
    examples = _examples(evidence, "numbers.either", "dates.excel")
    suggestion = _likely_grouping(evidence) if open_styles else (open_dates[0] if len(open_dates) == 1 else None)
    return Verdict(kind, round(share["number"], 2), style, serial, open_styles, open_dates, examples, suggestion)


def _judge_dates(evidence: Evidence, share: dict[str, float]) -> Verdict:
    style, open_styles = _date_style(evidence.dates)
    kind: ColumnKind = "moment" if share.get("moment", 0) > 0.5 else "date"
    return Verdict(kind, round(share["date"], 2), "ask", style, (), open_styles, _examples(evidence, "dates.either"))


def _number_style(counts: Counter[str]) -> tuple[NumberStyle, tuple[NumberStyle, ...]]:
    """Plain whole numbers tell nothing: their column stays "ask", in which they are read and doubtful cells are not."""
    point, comma = counts["point"], counts["comma"]
    if point and comma:
        return "ask", ("point", "comma")
    if point or comma:
        return ("point" if point else "comma"), ()
    return "ask", (("point", "comma") if counts["either"] else ())


def _likely_grouping(evidence: Evidence) -> NumberStyle | None:
    """Three digits after every sign, and none after numbers below a thousand: hardly decimals."""
    examples = evidence.examples.get("numbers.either", [])
    signs = {char for text in examples for char in text if char in ".,"}
    if len(signs) != 1 or not (evidence.numbers["plain"] or evidence.numbers["either"] > 5):
        return None
    return "comma" if signs == {"."} else "point"


def _date_style(counts: Counter[str]) -> tuple[DateStyle, tuple[DateStyle, ...]]:
    certain = [order for order in _ORDERS if counts[order]]
    if len(certain) > 1:
        return "ask", tuple(certain)
    if certain:
        return certain[0], ()
    return ("ask", ("day_first", "month_first")) if counts["either"] else ("iso", ())


def _has_date_word(name: str) -> bool:
    return any(word in _DATE_WORDS or word.endswith("date") for word in fold(name).split())


def _examples(evidence: Evidence, *keys: str) -> tuple[str, ...]:
    return tuple(text for key in keys for text in evidence.examples.get(key, ()))[:3]


def gather(names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> list[Evidence]:
    found = [Evidence(name) for name in names]
    for column, evidence in zip(zip(*rows, strict=False), found, strict=False):
        evidence.add(column)
    return found
