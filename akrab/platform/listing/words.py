"""What a reader wrote into the address of a list, where it may call a person by name."""

from __future__ import annotations

from dataclasses import replace

from akrab.platform.listing.filtering import Filterable
from akrab.platform.listing.tree import FilterUnreadable, Group, read_tree, write_tree

SEARCHES = ("q", "words", "name")
TREE = "where"
WORDS = (*SEARCHES, TREE)
"""The parameters that hold such words: searches, and the filter tree."""
STAR = "*"
_NAMELESS = frozenset({"choice", "number", "day", "there"})


def without_words(name: str, value: str, filterable: Filterable | None) -> str:
    """The value of a parameter for the record: of words only that there were some, of a tree all that is no free text."""
    if name in SEARCHES:
        return STAR
    if name != TREE:
        return value
    try:
        tree = read_tree(value)
    except FilterUnreadable:
        return STAR
    known = filterable.known() if filterable else {}
    return write_tree(_starred(tree, {field for field, one in known.items() if one.type in _NAMELESS}))


def _starred(tree: Group, nameless: set[str]) -> Group:
    parts = tuple(
        _starred(one, nameless)
        if isinstance(one, Group)
        else one
        if one.field in nameless or not one.values
        else replace(one, values=(STAR,))
        for one in tree.parts
    )
    return replace(tree, parts=parts)
