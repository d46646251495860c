"""The earlier rows of a file that a later batch builds on; a dry run took them back with their own batch."""

from __future__ import annotations

from collections.abc import Iterable

from akrab.platform.importing.session import Session

MOST = 20_000
_LINKED = """
WITH RECURSIVE linked(row) AS (
    SELECT row FROM met WHERE key IN (SELECT unnest(?::VARCHAR[]))
    UNION
    SELECT other.row FROM linked JOIN met ON met.row = linked.row JOIN met AS other ON other.key = met.key
)
SELECT text FROM (SELECT row, text FROM staged WHERE row IN (SELECT row FROM linked) ORDER BY row DESC LIMIT ?) ORDER BY row
"""


class Earlier:
    """Remembers on disk which staged row said which keys.

    A dry run takes the earlier rows again before a batch that shares a key with them, directly or through other rows, so
    that its counts are those of the run itself. At most the last 20,000 of them, which bounds the work of a file whose rows
    all say the same key.
    """

    def __init__(self, session: Session) -> None:
        self._spill = session.spill
        self._wanted = session.dry_run
        self._spill.create("met", "row BIGINT, key VARCHAR")

    def before(self, batch: Iterable[tuple[int, Iterable[str]]]) -> list[str]:
        """The texts of the earlier rows, in the order of the file; the rows and keys of the batch are remembered."""
        if not self._wanted:
            return []
        said = [(row, key) for row, keys in batch for key in keys]
        if not said:
            return []
        rows, keys = zip(*said, strict=True)
        found = self._spill.fetch(_LINKED, list(set(keys)), MOST)
        self._spill.append("met", {"row": rows, "key": keys})
        return [text for (text,) in found]
