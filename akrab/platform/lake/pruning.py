"""Removes files that no snapshot within reach of a running report still names."""

from __future__ import annotations

from pathlib import Path

from akrab.platform.lake import manifest

KEPT = 3
"""The current snapshot and the two before it."""


def prune(root: Path, kept: int = KEPT) -> int:
    """Delete what the last snapshots do not name, leftovers of a killed update too; returns how many files went.

    Only the holder of the update lock may call this: a file being written is not yet named by any manifest.
    """
    recent = manifest.read_recent(root)
    named = {path for snapshot in recent[:kept] for path in snapshot.paths()}
    doomed = [path for path in root.glob("*/*.parquet") if path.relative_to(root).as_posix() not in named]
    doomed += [root / manifest.HISTORY / f"{snapshot.number:08d}.json" for snapshot in recent[kept:]]
    doomed += [*root.glob("**/*.draft")]
    for path in doomed:
        path.unlink(missing_ok=True)
    return len(doomed)
