"""Finding the row with the column names, what stands above it, and names that are unique."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from akrab.platform.tabular.sentences import Sentence, gettext_noop
from akrab.platform.tabular.sheet import Cell, Notice
from akrab.platform.tabular.vocabulary import is_usual_name

_LOOKAHEAD = 40
_VALUE = re.compile(r"[-+(]?\s*(?:Rp\.?|IDR|US\$|\$|€|£)?\s*[-+]?\d[\d.,' ]*(?:[eE][-+]?\d+)?\s*[%)]?(?:,-)?"
                    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|\d{1,2}:\d{2}.*|[^@\s]+@[^@\s]+\.[a-z]+|https?://.*"
                    r"|true|false|yes|no|ya|tidak|n/a|null", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeaderGuess:
    """Index of the header in the sample (None: there is none), of the first data row, and how sure this is."""

    index: int | None
    first: int
    confidence: float


def detect_header(rows: Sequence[Sequence[Cell]]) -> HeaderGuess:
    """`rows` are the first records; blank ones may be among them."""
    filled = [(i, _filled(row)) for i, row in enumerate(rows) if _filled(row)]
    if not filled:
        return HeaderGuess(None, 0, 0.5)
    usual = _usual_width([len(cells) for _, cells in filled[:200]])
    start = next((n for n, (_, cells) in enumerate(filled) if len(cells) >= max(1, usual * 0.6)), 0)
    index = filled[start][0]
    if len(filled) == start + 1:
        sure = _all_names(rows[index]) and (len(filled[start][1]) > 1 or is_usual_name(str(filled[start][1][0])))
        return HeaderGuess(index, index + 1, 0.7) if sure else HeaderGuess(None, index, 0.5)
    score = _score_at(rows, filled, start)
    if (better := _title_above(rows, filled, start)) is not None:
        index, score = filled[better][0], _score_at(rows, filled, better)
    if score >= 0.5:
        return HeaderGuess(index, index + 1, round(0.5 + min(score, 1.0) / 2, 2))
    return HeaderGuess(None, index, round(1.0 - score, 2))


def _score_at(rows: Sequence[Sequence[Cell]], filled: Sequence[tuple[int, list[Cell]]], place: int) -> float:
    body = [rows[i] for i, _ in filled[place + 1 : place + 1 + _LOOKAHEAD]]
    return _likeness(rows[filled[place][0]], body)


def _title_above(rows: Sequence[Sequence[Cell]], filled: Sequence[tuple[int, list[Cell]]], start: int) -> int | None:
    """A title with separators in it can look like names; it differs in width from all that follows."""
    lengths = Counter(len(rows[i]) for i, _ in filled[start + 1 :])
    length, count = lengths.most_common(1)[0]
    following = start + 1
    if len(rows[filled[start][0]]) == length or count < 0.8 * sum(lengths.values()) or following + 1 >= len(filled):
        return None
    is_header = len(rows[filled[following][0]]) == length and _score_at(rows, filled, following) >= 0.5
    return following if is_header else None


def unique_names(header: Sequence[Cell], width: int) -> tuple[list[str], list[Notice]]:
    """A name for each column; blank and repeated names are changed and reported."""
    names: list[str] = []
    notices: list[Notice] = []
    taken: set[str] = set()
    for index in range(width):
        original = clean_name(header[index]) if index < len(header) else ""
        name = base = original or f"column_{index + 1}"
        count = 1
        while name.casefold() in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name.casefold())
        names.append(name)
        if not original and index < len(header):
            text = gettext_noop("Column %(place)s has no name; it is called %(name)s here.")
            notices.append(Notice("blank_name", Sentence(text, {"place": index + 1, "name": name}), name))
        elif name != original and original:
            text = gettext_noop("The name %(original)s occurs more than once; column %(place)s is called %(name)s here.")
            values = {"original": original, "place": index + 1, "name": name}
            notices.append(Notice("repeated_name", Sentence(text, values), name))
    return names, notices


def clean_name(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).replace("\x00", "").replace("\ufeff", "").split())


def _filled(row: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in row if cell is not None and str(cell).strip()]


def _usual_width(widths: Sequence[int]) -> int:
    counts = Counter(widths)
    return max(counts, key=lambda width: (counts[width] * (width > 1), width))


def _is_name(cell: Cell) -> bool:
    return isinstance(cell, str) and not _VALUE.fullmatch(cell.strip()) and len(cell) < 200


def _all_names(row: Sequence[Cell]) -> bool:
    cells = _filled(row)
    return bool(cells) and all(_is_name(cell) for cell in cells)


def _likeness(header: Sequence[Cell], body: Sequence[Sequence[Cell]]) -> float:
    """How much the row looks like names above these values: 0 (a value row) to 1."""
    cells = _filled(header)
    named = sum(_is_name(cell) for cell in cells) / len(cells)
    usual = sum(is_usual_name(str(cell)) for cell in cells) / len(cells)
    texts = [str(cell).strip().casefold() for cell in cells]
    unique = len(set(texts)) / len(texts)
    contrast = votes = 0.0
    for index, name in enumerate(header):
        values = [str(row[index]).strip() for row in body if index < len(row) and row[index] not in (None, "")]
        if not values or name is None or not str(name).strip():
            continue
        votes += 1
        valued = sum(not _is_name(row[index]) for row in body if index < len(row) and row[index] not in (None, ""))
        if valued / len(values) >= 0.7:
            contrast += 1.0 if _is_name(name) else -1.0
        elif str(name).strip() in values:
            contrast -= 0.6
        elif _is_name(name) and _differs_in_shape(str(name), values):
            contrast += 0.35
    contrast = contrast / votes if votes else 0.0
    return max(0.0, min(1.0, 0.35 * named + 0.9 * usual + 0.8 * contrast + 0.2 * unique - 0.15))


def _differs_in_shape(name: str, values: Sequence[str]) -> bool:
    shapes = {_shape(value) for value in values}
    return _shape(name) not in shapes


def _shape(text: str) -> tuple[bool, bool, bool, int]:
    has_digit = any(char.isdigit() for char in text)
    return has_digit, text.isupper(), " " in text, min(len(text) // 12, 4)
