"""Yes and no in the words of files, and any value as text."""

from datetime import date, datetime, time
from decimal import Decimal

from akrab.platform.tabular.problems import ParseProblem, is_blank

_YES = frozenset(["true", "t", "yes", "y", "1", "on", "x", "ya", "iya", "benar", "aktif", "active", "checked", "✓", "✔"])
_NO = frozenset(
    ["false", "f", "no", "n", "0", "off", "tidak", "tdk", "salah", "nonaktif", "inactive", "unchecked", "✗", "✘", "-"]
)
WORDS = frozenset(["true", "false", "yes", "no", "y", "n", "t", "f", "ya", "tidak", "iya", "tdk", "benar", "salah"])


def parse_boolean(value: object) -> bool | ParseProblem:
    if isinstance(value, bool):
        return value
    if is_blank(value):
        return ParseProblem("blank_value")
    word = as_text(value).casefold()
    if word in _YES:
        return True
    return False if word in _NO else ParseProblem("not_a_boolean", word)


def as_text(value: object) -> str:
    """Text for names and identifiers: whole floats without a point, dates in ISO, outer blanks removed."""
    if type(value) is str:
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e18:
        return str(int(value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime) and value.time() == time() and value.tzinfo is None:
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()
