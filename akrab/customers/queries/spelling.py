"""The words of names and cities that a misspelt word may have meant."""

from __future__ import annotations

import string
from collections.abc import Sequence

from akrab.platform.bulk import fetch

NEAREST = 4
NEAREST_OF_ALL = 40
ALIKE = 0.4

CITIES = 2000

# Cities in use are few: the index is hopped through from each to the next, whatever the number of customers.
_NEAR = """
WITH RECURSIVE hop AS (
    (SELECT city FROM customers_customer WHERE city > '' AND %(cities)s > 0 ORDER BY city LIMIT 1)
    UNION ALL
    SELECT (SELECT c.city FROM customers_customer c WHERE c.city > hop.city ORDER BY c.city LIMIT 1) FROM hop
    WHERE hop.city IS NOT NULL
), city AS MATERIALIZED (
    SELECT DISTINCT word FROM (SELECT city FROM hop WHERE city IS NOT NULL LIMIT %(cities)s) AS few,
    regexp_split_to_table(akrab_normal(city), '[^[:alpha:]]+') AS w(word) WHERE length(word) BETWEEN 3 AND 40
)
SELECT asked, word, nearness FROM (
    SELECT a.asked, n.word, 1.0 AS nearness FROM unnest(%(asked)s::text[], %(edits)s::text[]) AS a(asked, edit)
    JOIN customers_nameword n ON n.word = a.edit
    UNION
    SELECT w.asked, n.word, similarity(n.word, w.asked) * 0.9 FROM unnest(%(words)s::text[]) AS w(asked)
    JOIN customers_nameword n ON n.word %% w.asked AND similarity(n.word, w.asked) >= %(alike)s
    UNION
    SELECT a.asked, c.word, 1.0 FROM unnest(%(asked)s::text[], %(edits)s::text[]) AS a(asked, edit) JOIN city c ON c.word = a.edit
    UNION
    SELECT w.asked, c.word, similarity(c.word, w.asked) * 0.9 FROM unnest(%(words)s::text[]) AS w(asked)
    JOIN city c ON similarity(c.word, w.asked) >= %(alike)s
) AS found
WHERE %(all)s OR (
    NOT EXISTS (SELECT 1 FROM customers_nameword k WHERE k.word = found.asked)
    AND NOT EXISTS (SELECT 1 FROM city k WHERE k.word = found.asked)
)
ORDER BY asked, nearness DESC, word
"""


def respell(words: Sequence[str], *, cities: bool = True, is_limited: bool = False) -> dict[str, list[str]]:
    """For each misspelt word, the spellings in use that are one slip away or look alike; nearest first.

    For a reader who is limited, a word counts as misspelt even if somebody bears it: that may be somebody out of reach.
    """
    most = NEAREST_OF_ALL if is_limited else NEAREST
    doubtful = sorted({word for word in words if len(word) > 2 and word.isalpha()})
    if not doubtful:
        return {}
    pairs = [(word, edit) for word in doubtful for edit in one_slip_away(word)]
    rows = fetch(
        _NEAR,
        {
            "asked": [word for word, _e in pairs],
            "edits": [edit for _w, edit in pairs],
            "words": doubtful,
            "alike": ALIKE,
            "all": is_limited,
            "cities": CITIES if cities else 0,
        },
    )
    found: dict[str, list[str]] = {}
    for asked, word, _nearness in rows:
        kept = found.setdefault(asked, [])
        if word not in kept and len(kept) < most:
            kept.append(word)
    return found


def one_slip_away(word: str) -> set[str]:
    """All words that one missing, extra, wrong or swapped letter makes of this one."""
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    letters = string.ascii_lowercase
    return {
        *(left + right[1:] for left, right in splits if right),
        *(left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1),
        *(left + letter + right[1:] for left, right in splits if right for letter in letters),
        *(left + letter + right for left, right in splits for letter in letters),
    } - {word}
