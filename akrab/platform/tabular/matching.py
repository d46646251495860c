"""Proposing which column of a file is which field, from names and from values, with reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from django.utils.functional import Promise

from akrab.platform.tabular.sheet import Column, ColumnKind, Sheet
from akrab.platform.tabular.vocabulary import VOCABULARY, fold

FieldKind = Literal["text", "integer", "decimal", "money", "date", "moment", "boolean", "email", "phone", "code"]
Reason = Literal["same_name", "synonym", "similar_name", "values"]

ENOUGH = 0.5
SURE = 0.85
_FITTING: dict[str, frozenset[ColumnKind]] = {
    "integer": frozenset(("integer",)),
    "decimal": frozenset(("integer", "decimal")),
    "money": frozenset(("integer", "decimal")),
    "date": frozenset(("date", "moment")),
    "moment": frozenset(("date", "moment")),
    "boolean": frozenset(("boolean",)),
    "email": frozenset(("email",)),
    "phone": frozenset(("phone",)),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a kind of import takes. `synonyms` add to those of the vocabulary entry of `meaning` or `name`."""

    name: str
    label: str | Promise = ""
    kind: FieldKind = "text"
    synonyms: tuple[str, ...] = ()
    meaning: str | None = None
    required: bool = False
    many: bool = False

    def words(self) -> frozenset[str]:
        known = VOCABULARY.get(self.meaning or self.name, ())
        return frozenset(fold(text) for text in (*known, *self.synonyms) if text)


@dataclass(frozen=True, slots=True)
class Match:
    """One column for one field, and why."""

    field: str
    column: str
    confidence: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to show to the person who decides. Each column is used once; a field that takes many may occur again."""

    matches: tuple[Match, ...] = ()
    unused: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unsure: tuple[str, ...] = field(default=())

    @property
    def mapping(self) -> dict[str, str]:
        """Column by field name; for a field with many columns, the best one."""
        found: dict[str, str] = {}
        for match in self.matches:
            found.setdefault(match.field, match.column)
        return found

    @property
    def columns(self) -> dict[str, list[str]]:
        """All columns by field name."""
        found: dict[str, list[str]] = {}
        for match in self.matches:
            found.setdefault(match.field, []).append(match.column)
        return found


def propose_mapping(fields: Sequence[Field], sheet: Sheet) -> Proposal:
    """The best one-to-one assignment, greedily from the surest pair down."""
    pairs = sorted(_pairs(fields, sheet), key=lambda match: -match.confidence)
    many = {candidate.name for candidate in fields if candidate.many}
    taken_fields: set[str] = set()
    taken_columns: set[str] = set()
    chosen: list[Match] = []
    for match in pairs:
        if match.column in taken_columns or (match.field in taken_fields and match.field not in many):
            continue
        if match.field in taken_fields and match.reason == "values" and match.confidence < SURE:
            continue
        chosen.append(match)
        taken_fields.add(match.field)
        taken_columns.add(match.column)
    return Proposal(
        tuple(chosen),
        unused=tuple(name for name in sheet.names if name not in taken_columns),
        missing=tuple(item.name for item in fields if item.required and item.name not in taken_fields),
        unsure=tuple(match.field for match in chosen if match.confidence < SURE),
    )


def _pairs(fields: Sequence[Field], sheet: Sheet) -> Iterable[Match]:
    for column in sheet.columns:
        if column.kind == "blank" and not column.original:
            continue
        for candidate in fields:
            match = _match(candidate, column)
            if match is not None and match.confidence >= ENOUGH:
                yield match


def _match(candidate: Field, column: Column) -> Match | None:
    name, reason = _name_score(candidate, column)
    fits = _fit(candidate, column)
    if fits is False:
        score = name * 0.55 if column.confidence >= 0.9 else name * 0.8
    elif fits and not name and candidate.kind in ("email", "phone"):
        score, reason = 0.5 + 0.3 * column.confidence, "values"
    else:
        score = min(1.0, name + (0.08 if fits else 0.0))
    return Match(candidate.name, column.name, round(score, 2), reason) if score else None


def _name_score(candidate: Field, column: Column) -> tuple[float, Reason]:
    header = fold(column.original or "")
    if not header:
        return 0.0, "values"
    if header in (fold(candidate.name), fold(str(candidate.label))):
        return 0.97, "same_name"
    words = candidate.words()
    if header in words or header.replace(" ", "") in {word.replace(" ", "") for word in words}:
        return 0.92, "synonym"
    bare = " ".join(word for word in header.split() if not word.isdigit())
    if bare != header and (bare in words or bare == fold(candidate.name)):
        return 0.85, "synonym"
    best = max((_similarity(bare, word) for word in (*words, fold(candidate.name))), default=0.0)
    return (best, "similar_name") if best >= ENOUGH else (0.0, "values")


def _similarity(header: str, word: str) -> float:
    """Shared words count most; spelling counts for words of some length."""
    if not header or not word:
        return 0.0
    mine, theirs = set(header.split()), set(word.split())
    if theirs < mine and len(word) >= 3:
        return 0.5 + 0.3 * len(theirs) / len(mine)
    close = SequenceMatcher(None, header, word).ratio()
    return 0.8 * close if close >= 0.82 and len(word) >= 5 else 0.0


def _fit(candidate: Field, column: Column) -> bool | None:
    """None when the values tell nothing about the field."""
    wanted = _FITTING.get(candidate.kind)
    if wanted is None:
        return False if column.kind in ("email", "moment") and candidate.kind == "text" else None
    if column.kind == "blank":
        return None
    if column.kind in wanted:
        return True
    if candidate.kind == "phone" and column.kind in ("text", "integer"):
        return None
    if column.kind == "integer" and candidate.kind in ("date", "moment", "boolean"):
        return None
    return False
