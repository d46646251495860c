"""The words of names that a misspelt word may have meant."""

from __future__ import annotations

import string
from collections.abc import Sequence

from akrab.platform.bulk import fetch

NEAREST = 4
ALIKE = 0.4

_NEAR = """
SELECT asked, word, nearness FROM (
    SELECT a.asked, n.word, 1.0 AS nearness FROM unnest(%(asked)s::text[], %(edits)s::text[]) AS a(asked, edit)
    JOIN customers_nameword n ON n.word = a.edit
    UNION
    SELECT w.asked, n.word, similarity(n.word, w.asked) * 0.9 FROM unnest(%(words)s::text[]) AS w(asked)
    JOIN customers_nameword n ON n.word %% w.asked AND similarity(n.word, w.asked) >= %(alike)s
) AS found
WHERE NOT EXISTS (SELECT 1 FROM customers_nameword k WHERE k.word = found.asked)
ORDER BY asked, nearness DESC, word
"""


def respell(words: Sequence[str]) -> dict[str, list[str]]:
    """For each misspelt word, the spellings in use that are one slip away or look alike; nearest first."""
    doubtful = sorted({word for word in words if len(word) > 2 and word.isalpha()})
    if not doubtful:
        return {}
    pairs = [(word, edit) for word in doubtful for edit in one_slip_away(word)]
    rows = fetch(
        _NEAR,
        {"asked": [word for word, _e in pairs], "edits": [edit for _w, edit in pairs], "words": doubtful, "alike": ALIKE},
    )
    found: dict[str, list[str]] = {}
    for asked, word, _nearness in rows:
        kept = found.setdefault(asked, [])
        if word not in kept and len(kept) < NEAREST:
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
