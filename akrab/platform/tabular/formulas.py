"""Text that a spreadsheet would run as a formula: marked with an apostrophe when written, without it again when read."""

from akrab.platform.tabular.sheet import Cell
from akrab.platform.tabular.truths import as_text

MARK = "'"
_SIGNS = frozenset("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")


def harmless(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; real numbers stay as they are."""
    if type(cell) is not str:
        return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else _marked(as_text(cell))
    return _marked(cell)


def without_mark(text: str) -> str:
    """What `harmless` was given: an apostrophe goes when it marks a formula, and stays where it belongs to a name."""
    return text[1:] if text[:1] == MARK and _is_formula(text) else text


def _marked(text: str) -> str:
    clean = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return MARK + clean if _is_formula(clean) else clean


def _is_formula(text: str) -> bool:
    """Also one that has marks in front, so that each reading takes off what one writing has put there."""
    bare = text.lstrip(MARK)
    return bare[:1] in _SIGNS or bare.lstrip(" \u00a0\ufeff")[:1] in _SIGNS
