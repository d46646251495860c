"""Rows of NDJSON files: one object per line, the columns being the union of the keys of a sample."""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from akrab.platform.tabular.lines import open_lines
from akrab.platform.tabular.sentences import Sentence, TabularError, gettext_noop
from akrab.platform.tabular.sheet import RowBatch, RowProblem, Sheet

_NOT_JSON = gettext_noop("The line is not valid JSON: %(reason)s.")
_NOT_OBJECT = gettext_noop("The line is valid JSON, but not an object in curly brackets.")
_UNEXPECTED = gettext_noop("The line has keys that no line before had: %(keys)s. They are left out.")
_DEEP = gettext_noop("the brackets are nested too deeply")

_decode = json.JSONDecoder(parse_float=Decimal, parse_constant=lambda name: None).decode


def sample_keys(path: Path, encoding: str, *, lines: int) -> tuple[list[str], list[tuple[int, dict[str, Any]]]]:
    """The keys in the order they appear, and the first objects with their line numbers."""
    keys: dict[str, None] = {}
    objects: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(islice(open_lines(path, encoding), lines), start=1):
        parsed = parse_line(number, line)
        if isinstance(parsed, dict):
            keys.update(dict.fromkeys(parsed))
            objects.append((number, parsed))
    if not objects:
        raise TabularError("no_objects", gettext_noop("No line of this file is a JSON object. Give one JSON object per line."))
    return list(keys), objects


def read_jsonlines(path: Path, sheet: Sheet, *, batch: int) -> Iterator[RowBatch]:
    assert sheet.encoding is not None
    keys = [column.original for column in sheet.columns]
    known = frozenset(keys)
    numbered = enumerate(open_lines(path, sheet.encoding), start=1)
    while part := list(islice(numbered, batch)):
        out = RowBatch()
        for number, line in part:
            _add(out, number, line, keys, known)
        yield out


def _add(out: RowBatch, number: int, line: str, keys: list[str], known: frozenset[str]) -> None:
    parsed = parse_line(number, line)
    if parsed is None:
        out.blank += 1
    elif isinstance(parsed, RowProblem):
        out.problems.append(parsed)
    else:
        out.numbers.append(number)
        row = tuple(map(parsed.get, keys))
        out.rows.append(row)
        if not known.issuperset(parsed):
            extra = ", ".join(sorted(key for key in parsed if key not in known))[:200]
            out.notices.append(RowProblem(number, "unexpected_keys", Sentence(_UNEXPECTED, {"keys": extra}), row))


def parse_line(number: int, line: str) -> dict[str, Any] | RowProblem | None:
    text = line.strip("\ufeff \t\r\n\x00")
    if not text:
        return None
    try:
        value = _decode(text)
        text.encode("utf-8")
    except RecursionError:
        return RowProblem(number, "not_json", Sentence(_NOT_JSON, {"reason": Sentence(_DEEP)}), (text[:200],))
    except ValueError as error:
        shown = text[:200].encode("utf-8", "replace").decode("utf-8")
        return RowProblem(number, "not_json", Sentence(_NOT_JSON, {"reason": str(error)[:120]}), (shown,))
    return value if isinstance(value, dict) else RowProblem(number, "not_an_object", Sentence(_NOT_OBJECT), (text[:200],))
