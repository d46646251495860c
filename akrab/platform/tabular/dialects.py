"""Finding delimiter, quote and escape: the reading under which the rows agree and the cells make sense."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

from akrab.platform.later import Later
from akrab.platform.tabular.records import Dialect

if TYPE_CHECKING:
    import clevercsv
else:
    clevercsv = Later("clevercsv")

DELIMITERS = {
    ",": 1.0,
    ";": 1.0,
    "\t": 1.05,
    "|": 0.97,
    "^": 0.7,
    "~": 0.7,
    "\x1f": 0.9,
    "\x01": 0.9,
    ":": 0.25,
    " ": 0.3,
}
SAMPLE_LINES = 400
_SURE = 0.8
_PLAIN = re.compile(r"[\w .&/()'’#°%+*@!?<>=\-]*", re.ASCII)
_KNOWN = re.compile(
    r"""\s*(?:
        [-+(]?\s*(?:(?:Rp\.?|IDR|US\$|\$|€|£|¥)\s*)?[-+]?(?:\d{1,3}(?:[.,' ]\d{3})+|\d+)?
            (?:[.,]\d+)?(?:[eE][-+]?\d+)?\s*[%)]?(?:,-)?
      | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}
            (?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?:\s?[AaPp][Mm])?(?:Z|[-+]\d{2}:?\d{2})?)?
      | \d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?
      | [^@\s]+@[^@\s,;|]+\.[a-zA-Z]+
      | https?://[^\s|]*
    )\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class DialectGuess:
    """The best dialect, how sure it is, and other delimiters that would also read well."""

    dialect: Dialect
    confidence: float
    others: tuple[str, ...] = ()


def detect_dialect(lines: Sequence[str], wanted: Dialect | None = None, *, suffix: str = "") -> DialectGuess:
    """`lines` is the beginning of the file; `wanted.delimiter` is kept when it is given."""
    sample = _whole_lines(lines)
    if wanted is not None and wanted.delimiter is not None:
        quote = wanted.quote or _quote(sample, wanted.delimiter)
        return DialectGuess(Dialect(wanted.delimiter, quote, wanted.escape or _escape(sample, quote)), 1.0)
    scores: dict[str, tuple[float, str]] = {}
    for delimiter, prior in DELIMITERS.items():
        if not any(delimiter in line for line in sample):
            continue
        quote = _quote(sample, delimiter)
        score = prior * _score(sample, Dialect(delimiter, quote, _escape(sample, quote)))
        if suffix in {".tsv", ".tab"} and delimiter == "\t":
            score *= 1.2
        if score > 0:
            scores[delimiter] = (score, quote)
    return _choose(sample, scores)


def _choose(sample: Sequence[str], scores: dict[str, tuple[float, str]]) -> DialectGuess:
    ranked = sorted(scores.items(), key=lambda item: -item[1][0])
    if not ranked or ranked[0][1][0] < 0.15:
        quote = _quote(sample, ",")
        return DialectGuess(Dialect("," if scores else None, quote, _escape(sample, quote)), 0.5 if scores else 0.9)
    delimiter, (score, quote) = ranked[0]
    runner_up = ranked[1][1][0] if len(ranked) > 1 else 0.0
    confidence = min(1.0, score) * (1 - 0.6 * (runner_up / score) ** 2)
    if confidence < _SURE and _second_opinion(sample) == delimiter:
        confidence = max(confidence, _SURE)
    others = tuple(other for other, (value, _) in ranked[1:4] if value > 0.4 * score)
    return DialectGuess(Dialect(delimiter, quote, _escape(sample, quote)), round(confidence, 2), others)


def _whole_lines(lines: Sequence[str]) -> list[str]:
    return [line for line in lines[:SAMPLE_LINES] if line.strip()]


def _score(sample: Sequence[str], dialect: Dialect) -> float:
    """Between 0 and about 1: agreement of widths times share of cells that look like values."""
    records = [cells for cells in _lenient(sample, dialect) if any(cells)]
    if not records:
        return 0.0
    widths = Counter(len(cells) for cells in records)
    width, count = max(widths.items(), key=lambda item: (item[1] * log2(item[0] + 0.2), item[0]))
    if width < 2:
        return 0.0
    near = sum(n for w, n in widths.items() if abs(w - width) == 1)
    agreement = (count + 0.4 * near) / len(records)
    cells = [cell for record in records if len(record) == width for cell in record][:20_000]
    sense = sum(_sense(cell) for cell in cells) / len(cells)
    filled = sum(1 for cell in cells if cell.strip()) / len(cells)
    return agreement * sense**2 * (0.75 + 0.25 * min(1.0, log2(width) / 2)) * (0.7 + 0.3 * filled)


def _lenient(sample: Sequence[str], dialect: Dialect) -> list[list[str]]:
    if dialect.delimiter == " ":
        return [line.split() for line in sample]
    reader = csv.reader(
        sample,
        delimiter=dialect.delimiter or ",",
        quotechar=dialect.quote or '"',
        escapechar=dialect.escape,
        doublequote=dialect.escape is None,
        skipinitialspace=True,
    )
    try:
        return list(reader)
    except csv.Error:
        return []


def _sense(cell: str) -> float:
    if not cell or _KNOWN.fullmatch(cell):
        return 1.0
    if _PLAIN.fullmatch(cell):
        return 0.95
    if any(char in cell for char in ";|\t") or cell.count('"') % 2:
        return 0.3
    return 0.85 if len(cell) < 400 else 0.6


def _quote(sample: Sequence[str], delimiter: str) -> str:
    """The double quote, unless cells are clearly wrapped in single ones."""
    edge = re.escape(delimiter)
    single = double = 0
    for line in sample:
        text = line.strip("\r\n")
        single += len(re.findall(rf"(?:^|{edge} ?)'[^']*'(?={edge}|$)", text)) if "'" in text else 0
        double += len(re.findall(rf'(?:^|{edge} ?)"', text)) if '"' in text else 0
    return "'" if single > 2 and single > double else '"'


def _escape(sample: Sequence[str], quote: str) -> str | None:
    escaped = sum(len(re.findall(rf"\\{quote}(?!\s*(?:[,;|\t]|$))", line)) for line in sample if "\\" + quote in line)
    doubled = sum(len(re.findall(rf"[^,;|\t\r\n]{quote}{quote}", line)) for line in sample if quote * 2 in line)
    return "\\" if escaped > doubled else None


def _second_opinion(sample: Sequence[str]) -> str | None:
    try:
        found = clevercsv.Sniffer().sniff("".join(sample[:100])[:20_000])
        return str(found.delimiter) if found else None
    except Exception:  # a second opinion must never be the reason for a failure
        return None
