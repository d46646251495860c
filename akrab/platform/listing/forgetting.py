"""Forgetting a person in what lists keep: search words of saved views and of queued changes, and ids chosen for them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote_plus, urlencode
from uuid import UUID

from akrab.platform.bulk import fetch
from akrab.platform.listing.declaring import SAFE
from akrab.platform.listing.words import WORDS

_ASKED = f"(^|&)({'|'.join(WORDS)})="
_TABLES = ("platform_savedview", "platform_bulkrun")


def forget_in_lists(customer_id: UUID, texts: Iterable[str]) -> int:
    """Take what the person is called by out of kept queries, and the person out of kept choices; returns how many."""
    named = [text.lower() for text in texts if len(text.strip()) > 2]
    found = 0
    for table in _TABLES:
        for key, query in fetch(f"SELECT id, query FROM {table} WHERE query ~ %s", [_ASKED]):
            left = urlencode([pair for pair in parse_qsl(query) if not _tells(pair, named)], safe=SAFE)
            if len(left) < len(query) and any(text in unquote_plus(query).lower() for text in named):
                fetch(f"UPDATE {table} SET query = %s WHERE id = %s", [left, key])
                found += 1
    gone = fetch(
        "UPDATE platform_bulkrun SET ids = array_remove(ids, %s) WHERE %s = ANY(ids) RETURNING 1", [customer_id, customer_id]
    )
    return found + len(gone)


def _tells(pair: tuple[str, str], named: list[str]) -> bool:
    return pair[0] in WORDS and any(text in pair[1].lower() for text in named)
