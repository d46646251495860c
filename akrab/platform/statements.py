"""Whether a statement writes: at its beginning, inside a WITH, or under EXPLAIN ANALYZE."""

from __future__ import annotations

import re
from functools import lru_cache

_ASIDE = re.compile(
    r"""--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$|'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*\"""",
    re.DOTALL,
)
_BEGINS = re.compile(
    r"[\s(;]*(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY\s+[\w.]+\s*(?:\([^)]*\))?\s*FROM)\b", re.IGNORECASE | re.DOTALL
)
_NESTED = re.compile(r"[\s(;]*(?:WITH|EXPLAIN)\b", re.IGNORECASE)
_INSIDE = re.compile(r"\b(?:INSERT\s+INTO|MERGE\s+INTO|DELETE\s+FROM|(?<!FOR )(?<!KEY )UPDATE)\b", re.IGNORECASE)


@lru_cache(maxsize=2048)
def writes(sql: str) -> bool:
    """Whether PostgreSQL would change rows for this statement; a function that writes cannot be seen from outside."""
    plain = " ".join(_ASIDE.sub(_blank, sql).split())
    return bool(_BEGINS.match(plain) or (_NESTED.match(plain) and _INSIDE.search(plain)))


def _blank(found: re.Match[str]) -> str:
    """A name in quotes stays a name; comments and texts say nothing."""
    return "name" if found[0].startswith('"') else " '' " if found[0][0] in "'$" else " "
