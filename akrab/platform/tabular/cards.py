"""Rows of vCard files: one card, one row, with the same columns for every file."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import vobject  # type: ignore[import-untyped]

from akrab.platform.tabular.lines import open_lines
from akrab.platform.tabular.sentences import Sentence, gettext_noop
from akrab.platform.tabular.sheet import Row, RowBatch, RowProblem, Sheet

CARD_COLUMNS = (
    "full_name", "given_name", "family_name", "nickname", "emails", "phones", "organization", "job_title", "street",
    "city", "region", "postal_code", "country", "birthday", "website", "categories", "notes", "uid",
)  # fmt: skip
_LINES_PER_CARD = 20_000
_BROKEN = gettext_noop("The card cannot be read: %(reason)s.")
_NO_END = gettext_noop("it has no END:VCARD line")
_EMPTY = gettext_noop("it has no name, e-mail address, phone number or organization")
_BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE).fullmatch
_TEXT_PROPERTY = re.compile(r"(?:[A-Za-z0-9\-]+\.)?(?:FN|NOTE|TITLE|ROLE)[:;]", re.IGNORECASE).match
_BARE_COMMA = re.compile(r"(?<!\\),")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})").fullmatch
_END = re.compile(r"\s*END\s*:\s*VCARD\s*", re.IGNORECASE).fullmatch


def read_cards(path: Path, sheet: Sheet, *, batch: int) -> Iterator[RowBatch]:
    """Rows are numbered by the line on which the card begins."""
    assert sheet.encoding is not None
    cards = split_cards(open_lines(path, sheet.encoding))
    while part := list(islice(cards, batch)):
        out = RowBatch()
        for number, text in part:
            row = card_row(number, text)
            if isinstance(row, RowProblem):
                out.problems.append(row)
            else:
                out.numbers.append(number)
                out.rows.append(row)
        yield out


def split_cards(lines: Iterator[str]) -> Iterator[tuple[int, str]]:
    """The text of each card; a card without an end is handed out as far as it goes."""
    card: list[str] = []
    start = 0
    for number, line in enumerate(lines, start=1):
        clean = line.rstrip("\r\n").lstrip("\ufeff")
        if _BEGIN(clean) and (not card or not _is_nested(card)):
            if card:
                yield start, "\r\n".join(card)
            card, start = [clean.strip()], number
        elif card:
            card.append(clean)
            if _END(clean) or len(card) > _LINES_PER_CARD:
                yield start, "\r\n".join(card)
                card = []
    if card:
        yield start, "\r\n".join(card)


def _is_nested(card: list[str]) -> bool:
    """A card of an agent begins right after the AGENT line, inside the outer card."""
    return card[-1].upper().startswith("AGENT")


def card_row(number: int, text: str) -> Row | RowProblem:
    if not _END(text.rsplit("\r\n", 1)[-1]):
        return _problem(number, text, Sentence(_NO_END))
    try:
        card = vobject.readOne(_mended(text), ignoreUnreadable=True, allowQP=True)
        row = _row(card)
    except Exception as error:  # the parser raises many kinds, and one broken card must not stop the others
        return _problem(number, text, str(error).split("\n", 1)[0][:120] or type(error).__name__)
    if not any(row[index] for index in (0, 1, 2, 4, 5, 6)):
        return _problem(number, text, Sentence(_EMPTY))
    return row


def _mended(text: str) -> str:
    """Lines that are no property (left over from folding) belong to the line before; NUL has no meaning in text;
    many programs forget to escape commas, and the parser would cut the text there."""
    kept: list[str] = []
    is_text = False
    for line in text.replace("\x00", "").split("\r\n"):
        if not line.strip() and not line.startswith((" ", "\t")):
            continue
        is_property = re.match(r"[A-Za-z0-9.\-]+\s*[:;]", line) is not None
        if kept and not is_property and not line.startswith((" ", "\t")) and not kept[-1].endswith("="):
            line = " " + line
        is_text = _TEXT_PROPERTY(line) is not None if is_property else is_text
        kept.append(_BARE_COMMA.sub(r"\,", line) if is_text else line)
    return "\r\n".join(kept) + "\r\n"


def _row(card: Any) -> Row:
    contents = card.contents
    name = _first(contents, "n")
    address = _first(contents, "adr")
    given, family = _flat(getattr(name, "given", "")), _flat(getattr(name, "family", ""))
    organization = _first(contents, "org")
    return (
        _flat(_first(contents, "fn")) or " ".join(part for part in (given, family) if part),
        given,
        family,
        _flat(_first(contents, "nickname")),
        _all(contents, "email"),
        _all(contents, "tel"),
        _flat(organization[0] if isinstance(organization, list) and organization else organization),
        _flat(_first(contents, "title")),
        *(_flat(getattr(address, part, "")) for part in ("street", "city", "region", "code", "country")),
        _day(_flat(_first(contents, "bday"))),
        _flat(_first(contents, "url")).replace("\\:", ":"),
        _flat(_first(contents, "categories")),
        "\n".join(_flat(item.value) for item in contents.get("note", ())),
        _flat(_first(contents, "uid")),
    )


def _day(text: str) -> str:
    """Eight digits and ISO are the same day; what has no year stays as it is."""
    match = _COMPACT_DAY(text)
    return "-".join(match.groups()) if match else text


def _first(contents: dict[str, list[Any]], key: str) -> Any:
    return contents[key][0].value if contents.get(key) else ""


def _all(contents: dict[str, list[Any]], key: str) -> str:
    values = (_flat(item.value).removeprefix("mailto:").removeprefix("tel:") for item in contents.get(key, ()))
    return "; ".join(dict.fromkeys(value for value in values if value))


def _flat(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(text for text in map(_flat, value) if text)
    return str(value).strip()


def _problem(number: int, text: str, reason: str | Sentence) -> RowProblem:
    shown = text[:200].encode("utf-8", "replace").decode("utf-8")
    return RowProblem(number, "broken_card", Sentence(_BROKEN, {"reason": reason}), (shown,))
